/** The container of a PNG file: signature and checksummed chunks, without a look at the pixels. */
import { crc32 } from "@troodon/io";

/** The eight bytes that every PNG file begins with. */
export const PNG_SIGNATURE: readonly number[] = [137, 80, 78, 71, 13, 10, 26, 10];

/** How the samples of a pixel are to be read. */
export type ColorType = 0 | 2 | 3 | 4 | 6;

/** Samples per pixel by color type: gray, RGB, palette index, gray and alpha, RGBA. */
export const SAMPLES: Readonly<Record<ColorType, 1 | 2 | 3 | 4>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

const DEPTHS: Readonly<Record<ColorType, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/** What a PNG file says before its pixels. */
export interface PngHeader {
  /** Pixels in a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Bits of a sample: 1, 2, 4, 8 or 16. */
  readonly bitDepth: number;
  /** 0 gray, 2 RGB, 3 palette, 4 gray and alpha, 6 RGBA. */
  readonly colorType: ColorType;
  /** Whether the pixels come in the seven passes of Adam7. */
  readonly interlaced: boolean;
}

/** The chunks that decide what a PNG file shows. */
export interface PngChunks {
  readonly header: PngHeader;
  /** Red, green and blue of each palette entry. */
  readonly palette: Uint8Array | null;
  /** Alpha of palette entries, or the 16-bit samples of the transparent color. */
  readonly transparency: Uint8Array | null;
  /** The zlib stream. */
  readonly data: Uint8Array;
}

function isColorType(value: number): value is ColorType {
  return value in SAMPLES;
}

function readHeader(
  view: DataView,
  start: number,
  length: number,
  fail: (reason: string) => never,
): PngHeader {
  if (length !== 13) fail(`its IHDR chunk must have 13 bytes but has ${length}`);
  const width = view.getUint32(start);
  const height = view.getUint32(start + 4);
  const bitDepth = view.getUint8(start + 8);
  const colorType = view.getUint8(start + 9);
  const [compression, filter, interlace] = [10, 11, 12].map((at) => view.getUint8(start + at));
  if (width === 0 || height === 0 || width >= 2 ** 31 || height >= 2 ** 31) {
    fail(`width and height must be in [1, 2^31) but are ${width} and ${height}`);
  }
  if (!isColorType(colorType)) return fail(`the color type must be 0, 2, 3, 4 or 6 but is ${colorType}`);
  if (!DEPTHS[colorType].includes(bitDepth)) {
    fail(
      `the bit depth of color type ${colorType} must be ${DEPTHS[colorType].join(", ")} but is ${bitDepth}`,
    );
  }
  if (compression !== 0) fail(`the compression method must be 0 but is ${compression}`);
  if (filter !== 0) fail(`the filter method must be 0 but is ${filter}`);
  if (interlace !== 0 && interlace !== 1) fail(`the interlace method must be 0 or 1 but is ${interlace}`);
  return { width, height, bitDepth, colorType, interlaced: interlace === 1 };
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/**
 * Splits a PNG file into chunks and verifies their checksums. Ancillary chunks with a wrong checksum are
 * skipped, as in libpng.
 *
 * @param leftOut Called with the type of each skipped chunk.
 * @throws {TypeError} If it is damaged, truncated or needs a chunk that is unknown.
 */
export function readChunks(bytes: Uint8Array, name: string, leftOut: (type: string) => void): PngChunks {
  const fail = (reason: string): never => {
    throw new TypeError(`Cannot read ${name}: ${reason}`);
  };
  if (bytes.length === 0) return fail("the file is empty");
  if (PNG_SIGNATURE.some((byte, i) => bytes[i] !== byte)) {
    return fail("it does not begin with the PNG signature");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let header: PngHeader | null = null;
  let palette: Uint8Array | null = null;
  let transparency: Uint8Array | null = null;
  const parts: Uint8Array[] = [];
  for (let at = PNG_SIGNATURE.length;;) {
    if (at + 12 > bytes.length) return fail(`the file ends at byte ${bytes.length}, before its IEND chunk`);
    const length = view.getUint32(at);
    const type = String.fromCharCode(bytes[at + 4]!, bytes[at + 5]!, bytes[at + 6]!, bytes[at + 7]!);
    const start = at + 8;
    const end = start + length;
    if (end + 4 > bytes.length) {
      return fail(
        `its ${type} chunk at byte ${at} needs ${length + 12} bytes but ${bytes.length - at} are left`,
      );
    }
    const ancillary = (bytes[at + 4]! & 0x20) !== 0;
    if (crc32(bytes.subarray(at + 4, end)) !== view.getUint32(end)) {
      if (ancillary) {
        leftOut(type);
        at = end + 4;
        continue;
      }
      return fail(`the checksum of its ${type} chunk at byte ${at} is wrong`);
    }
    at = end + 4;
    if (header === null) {
      if (type !== "IHDR") return fail(`its first chunk must be IHDR but is ${type}`);
      header = readHeader(view, start, length, fail);
    } else if (type === "PLTE") {
      if (length % 3 !== 0 || length === 0 || length > 768) {
        return fail(`its PLTE chunk must have 1 to 256 entries of 3 bytes but has ${length} bytes`);
      }
      palette = bytes.subarray(start, end);
    } else if (type === "tRNS") {
      transparency = bytes.subarray(start, end);
    } else if (type === "IDAT") {
      parts.push(bytes.subarray(start, end));
    } else if (type === "IEND") {
      break;
    } else if (!ancillary) {
      return fail(`its chunk ${JSON.stringify(type)} is critical but unknown`);
    }
  }
  if (parts.length === 0) return fail("it has no IDAT chunk");
  if (header.colorType === 3 && palette === null) {
    return fail("its color type is 3 but it has no PLTE chunk");
  }
  return { header, palette, transparency, data: concatenate(parts) };
}
