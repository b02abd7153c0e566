/** Decoder for the first image of a GIF file (GIF89a), drawn on its screen. */
import { type Channels, Image } from "../../image.ts";
import { checkPixels, DEFAULT_MAX_PIXELS } from "../max_pixels.ts";
import { readGifHeader } from "./header.ts";
import { unpackLzw } from "./lzw.ts";

/** Returns the rows of a frame in the order of the file. */
function rowOrder(height: number, interlaced: boolean): number[] {
  const rows = Array.from({ length: height }, (_, y) => y);
  if (!interlaced) return rows;
  const pass = (y: number): number => y % 8 === 0 ? 0 : y % 8 === 4 ? 1 : y % 4 === 2 ? 2 : 3;
  return rows.sort((a, b) => pass(a) - pass(b) || a - b);
}

/**
 * Decodes the first image of a GIF file, byte for byte as Pillow: where the image does not cover the screen,
 * pixels have the transparent index, or 0 if there is none. The result has an alpha channel if an index is
 * transparent, and one channel of gray if the palette holds only grays.
 *
 * @throws {TypeError} If the file is damaged or truncated.
 * @throws {RangeError} If the screen has more than `maxPixels` pixels.
 */
export function decodeGif(bytes: Uint8Array, name: string, maxPixels: number = DEFAULT_MAX_PIXELS): Image {
  const fail = (why: string): never => {
    throw new TypeError(`Cannot read ${name}: ${why}`);
  };
  const header = readGifHeader(bytes) ?? fail("it has no GIF image");
  const { width, height, frame, palette, transparent } = header;
  if (frame.width === 0 || frame.height === 0) fail(`its image has ${frame.width}x${frame.height} pixels`);
  checkPixels(width, height, maxPixels, name);
  const indices = unpackLzw(bytes, header.data, frame.width * frame.height, fail);
  const colors = palette === null ? 1 : 3;
  const channels = colors + (transparent === null ? 0 : 1) as Channels;
  // Lookup table of the color of each index; indices beyond the palette are black.
  const shown = new Uint8Array(256 * channels);
  for (let i = 0; i < 256; i++) {
    for (let c = 0; c < colors; c++) {
      shown[i * channels + c] = palette === null ? i : palette[3 * i + c] ?? 0;
    }
    if (channels > colors) shown[i * channels + colors] = i === transparent ? 0 : 255;
  }
  const data = new Uint8Array(width * height * channels);
  const put = (to: number, index: number): void => {
    for (let c = 0; c < channels; c++) data[to + c] = shown[index * channels + c]!;
  };
  if (frame.width < width || frame.height < height) {
    for (let to = 0; to < data.length; to += channels) put(to, transparent ?? 0);
  }
  for (const [i, y] of rowOrder(frame.height, header.interlaced).entries()) {
    let from = i * frame.width, to = ((frame.y + y) * width + frame.x) * channels;
    for (let x = 0; x < frame.width; x++, to += channels) put(to, indices[from++]!);
  }
  return new Image(width, height, channels, data);
}
