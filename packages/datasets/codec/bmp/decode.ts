/** Decoder for BMP files. */
import { type Channels, Image } from "../../image.ts";
import { checkPixels, DEFAULT_MAX_PIXELS } from "../max_pixels.ts";
import { type BmpHeader, readBmpHeader } from "./header.ts";
import { unpackRle } from "./rle.ts";

type Fail = (why: string) => never;

/** Bit field of a pixel: its shift and its largest value. */
interface Field {
  readonly shift: number;
  readonly largest: number;
}

function field(mask: number, fail: Fail): Field | null {
  if (mask === 0) return null;
  const shift = 31 - Math.clz32(mask & -mask), largest = mask >>> shift;
  if ((largest & (largest + 1)) !== 0) {
    fail(`the bits of its field 0x${mask.toString(16)} are not side by side`);
  }
  return { shift, largest };
}

/** Bit masks of red, green, blue and alpha; Pillow's defaults if the file states none. */
function masksOf({ bits, packing, masks }: BmpHeader): readonly number[] {
  const stated = packing === "fields" && masks.some((mask) => mask !== 0);
  if (bits === 16) return stated ? [...masks.slice(0, 3), 0] : [0x7c00, 0x3e0, 0x1f, 0];
  if (stated && bits === 32) return masks;
  return [0xff0000, 0xff00, 0xff, packing === "fields" && bits === 32 ? 0xff000000 : 0];
}

/**
 * Reads pixels of 16, 24 or 32 bits by their bit fields: a value of n bits becomes
 * `floor(255 v / (2^n - 1))`.
 */
function fromFields(bytes: Uint8Array, header: BmpHeader, fail: Fail): Image {
  const { width, height, bits } = header;
  const fields = masksOf(header).map((mask) => field(mask >>> 0, fail));
  const channels: Channels = fields[3] ? 4 : 3;
  const data = new Uint8Array(width * height * channels), step = bits / 8;
  forRows(bytes, header, fail, (row, y) => {
    for (let x = 0, from = 0, to = y * width * channels; x < width; x++, from += step) {
      let pixel = 0;
      for (let i = step - 1; i >= 0; i--) pixel = pixel << 8 | row[from + i]!;
      for (let c = 0; c < channels; c++) {
        const one = fields[c];
        const value = one ? (pixel >>> one.shift & one.largest) >>> 0 : 0;
        data[to++] = one ? Math.floor(value * 255 / one.largest) : 0;
      }
    }
  });
  return new Image(width, height, channels, data);
}

/** Calls `use` with the bytes of each row of uncompressed pixels, and the index of the row from the top. */
function forRows(
  bytes: Uint8Array,
  { width, height, bits, topDown, data }: BmpHeader,
  fail: Fail,
  use: (row: Uint8Array, y: number) => void,
): void {
  const stride = Math.ceil(width * bits / 32) * 4, length = Math.ceil(width * bits / 8);
  for (let i = 0; i < height; i++) {
    const start = data + i * stride;
    if (start + length > bytes.length) fail("it is truncated: its pixels are not all there");
    use(bytes.subarray(start, start + length), topDown ? i : height - 1 - i);
  }
}

/** Returns the palette index of each pixel. */
function indicesOf(bytes: Uint8Array, header: BmpHeader, fail: Fail): Uint8Array {
  const { width, height, bits, packing, topDown, data } = header;
  const indices = new Uint8Array(width * height);
  if (packing === "plain") {
    const mask = (1 << bits) - 1;
    forRows(bytes, header, fail, (row, y) => {
      for (let x = 0; x < width; x++) {
        const bit = x * bits;
        indices[y * width + x] = row[bit >> 3]! >> (8 - bits - (bit & 7)) & mask;
      }
    });
    return indices;
  }
  const rows = unpackRle(bytes, data, packing === "rle4" ? 4 : 8, width, height, fail);
  if (topDown) return rows;
  for (let y = 0; y < height; y++) {
    indices.set(rows.subarray((height - 1 - y) * width, (height - y) * width), y * width);
  }
  return indices;
}

function fromPalette(bytes: Uint8Array, header: BmpHeader, fail: Fail): Image {
  const { width, height, palette, entry } = header;
  const indices = indicesOf(bytes, header, fail);
  const entries = palette.length / entry;
  const scale = entries === 2 ? 255 : 1;
  let gray = true;
  for (let i = 0; i < entries; i++) {
    for (let c = 0; c < 3; c++) gray &&= palette[i * entry + c] === i * scale;
  }
  const channels = gray ? 1 : 3;
  const data = new Uint8Array(width * height * channels);
  for (let i = 0, to = 0; i < indices.length; i++, to += channels) {
    // Indices beyond the palette are black.
    for (let c = 0; c < channels; c++) data[to + c] = palette[indices[i]! * entry + 2 - c] ?? 0;
  }
  return new Image(width, height, channels, data);
}

/**
 * Decodes a BMP file, byte for byte as Pillow: the image has one channel of gray if the palette holds only
 * grays, and an alpha channel if 32-bit pixels have a field for it.
 *
 * @throws {TypeError} If the file is damaged or truncated.
 * @throws {RangeError} If the image has more than `maxPixels` pixels.
 */
export function decodeBmp(bytes: Uint8Array, name: string, maxPixels: number = DEFAULT_MAX_PIXELS): Image {
  const fail: Fail = (why) => {
    throw new TypeError(`Cannot read ${name}: ${why}`);
  };
  let header: BmpHeader;
  try {
    header = readBmpHeader(bytes, fail);
  } catch (error) {
    if (error instanceof RangeError) return fail("its BMP header is cut short");
    throw error;
  }
  checkPixels(header.width, header.height, maxPixels, name);
  const { bits, packing } = header;
  if ((packing === "rle8" && bits !== 8) || (packing === "rle4" && bits !== 4)) {
    fail(`${bits} bits a pixel cannot be in runs of ${packing === "rle8" ? 8 : 4}`);
  }
  return bits > 8 ? fromFields(bytes, header, fail) : fromPalette(bytes, header, fail);
}
