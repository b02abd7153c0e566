/** Decoding by the engine's own codecs. */
import { type Channels, Image } from "../image.ts";
import { holds } from "./orientation.ts";

/**
 * Returns a copy of a WebP file without EXIF data: clears the flag and renames the chunk to an unknown type.
 * Otherwise some engines would rotate the image and others would not.
 */
function withoutExif(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes), view = new DataView(copy.buffer);
  for (let at = 12; at + 8 <= copy.length;) {
    if (holds(copy, at, "VP8X")) copy[at + 8]! &= ~0x08;
    else if (holds(copy, at, "EXIF")) copy.set([0x78, 0x78, 0x78, 0x78], at);
    const length = view.getUint32(at + 4, true);
    at += 8 + length + (length & 1);
  }
  return copy;
}

/**
 * Decodes the pixels of a WebP file with `createImageBitmap`, ignoring its orientation. A bitmap gives
 * no access to its pixels; they are read from a lossless copy in BMP format.
 *
 * The caller has checked the size that the file states: the engine ends the process if memory is short.
 */
export async function decodeBuiltin(bytes: Uint8Array, name: string): Promise<Image> {
  if (typeof createImageBitmap === "undefined" || typeof OffscreenCanvas === "undefined") {
    throw new TypeError(
      `Cannot read ${name} as the platform must decode WebP, as Deno and pages do: convert it to PNG or JPEG`,
    );
  }
  const blob = new Blob([withoutExif(bytes)]);
  let bitmap: ImageBitmap;
  try {
    // Straight alpha stays as it is by default; Deno divides by alpha where "none" is asked for.
    bitmap = await createImageBitmap(blob, { premultiplyAlpha: "default", colorSpaceConversion: "none" });
  } catch (error) {
    const why = error instanceof Error ? error.message.split("\n", 1)[0] : String(error);
    throw new TypeError(`Cannot read ${name}: it is damaged or truncated (${why})`);
  }
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  // Pages give pixels, and write no BMP; Deno has no such context.
  const drawing = canvas.getContext("2d") as PageContext | null;
  if (drawing) {
    drawing.drawImage(bitmap, 0, 0);
    const { width, height, data } = drawing.getImageData(0, 0, bitmap.width, bitmap.height);
    const image = new Image(width, height, 4, new Uint8Array(data.buffer));
    return image.data.every((value, i) => i % 4 !== 3 || value === 255) ? image.convert(3) : image;
  }
  canvas.getContext("bitmaprenderer")!.transferFromImageBitmap(bitmap);
  return fromBmp(new Uint8Array(await (await canvas.convertToBlob({ type: "image/bmp" })).arrayBuffer()));
}

/** The part of a page's canvas that gives pixels. */
interface PageContext {
  drawImage(image: ImageBitmap, x: number, y: number): void;
  getImageData(x: number, y: number, width: number, height: number): ImageData;
}

/** An uncompressed BMP file with rows from the bottom, gray, BGR or BGRA, as the canvas writes it. */
function fromBmp(bytes: Uint8Array): Image {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = view.getUint32(10, true);
  const width = view.getInt32(18, true), height = view.getInt32(22, true);
  const channels = view.getUint16(28, true) / 8 as Channels;
  const stride = (width * channels + 3) & ~3;
  const data = new Uint8Array(width * height * channels);
  for (let y = 0, to = 0; y < height; y++) {
    let from = start + (height - 1 - y) * stride;
    if (channels === 1) {
      data.set(bytes.subarray(from, from + width), to);
      to += width;
      continue;
    }
    for (let x = 0; x < width; x++, from += channels, to += channels) {
      data[to] = bytes[from + 2]!;
      data[to + 1] = bytes[from + 1]!;
      data[to + 2] = bytes[from]!;
      if (channels === 4) data[to + 3] = bytes[from + 3]!;
    }
  }
  return new Image(width, height, channels, data);
}
