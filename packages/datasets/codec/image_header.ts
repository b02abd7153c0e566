/** What the first bytes of an image file say: its kind, size and orientation. */

/** Kinds of image files that can be read. */
export type ImageFormat = "png" | "jpeg" | "webp" | "gif" | "bmp";

/** What {@linkcode readImageHeader} finds. */
export interface ImageHeader {
  /** The kind of file. */
  readonly format: ImageFormat;
  /** Pixels in a row, as stored. */
  readonly width: number;
  /** Rows, as stored. */
  readonly height: number;
  /** The EXIF orientation, 1 (upright) to 8; 5 to 8 exchange width and height when the image is shown. */
  readonly orientation: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
  readonly orientation?: number;
}

type HeaderReader = (view: DataView, name: string) => Size;

const damaged = (name: string, why: string): TypeError => new TypeError(`Cannot read ${name}: ${why}`);

function text(view: DataView, at: number, length: number): string {
  let s = "";
  for (let i = at; i < Math.min(at + length, view.byteLength); i++) {
    s += String.fromCharCode(view.getUint8(i));
  }
  return s;
}

function png(view: DataView): Size {
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

/** The orientation in a TIFF structure at `start` (EXIF 2.3, 4.6.4 A), 1 if there is none or it makes no sense. */
function exifOrientation(view: DataView, start: number, end: number): number {
  const little = text(view, start, 2) === "II";
  const directory = start + view.getUint32(start + 4, little);
  if (directory + 2 > end) return 1;
  const count = view.getUint16(directory, little);
  for (let i = 0, at = directory + 2; i < count && at + 12 <= end; i++, at += 12) {
    if (view.getUint16(at, little) !== 0x0112) continue;
    const value = view.getUint16(at + 8, little);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

function jpeg(view: DataView, name: string): Size {
  let size: Size | null = null;
  let orientation = 1;
  for (let at = 2; at + 4 <= view.byteLength;) {
    const marker = view.getUint8(at + 1);
    if (view.getUint8(at) !== 0xff) break;
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === 0xda || marker === 0xd9) break;
    const length = view.getUint16(at + 2);
    // SOF0 to SOF15 without DHT, JPG and DAC, which share their range.
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      if (size) throw damaged(name, "it has more than one JPEG frame");
      size = { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    } else if (marker === 0xe1 && text(view, at + 4, 6) === "Exif\0\0") {
      orientation = exifOrientation(view, at + 10, Math.min(at + 2 + length, view.byteLength));
    }
    at += 2 + length;
  }
  if (!size) throw damaged(name, "it has no JPEG frame header");
  return { ...size, orientation };
}

/** The largest of the sizes that a frame and the canvas around it state. */
function larger(a: Size | null, b: Size): Size {
  return a && a.width * a.height >= b.width * b.height ? a : b;
}

function webp(view: DataView, name: string): Size {
  let size: Size | null = null;
  let at = 12;
  while (at + 8 <= view.byteLength) {
    const type = text(view, at, 4);
    const body = at + 8;
    if (type === "VP8X") {
      const u24 = (p: number): number => view.getUint16(p, true) | view.getUint8(p + 2) << 16;
      size = larger(size, { width: u24(body + 4) + 1, height: u24(body + 7) + 1 });
    } else if (type === "VP8L") {
      const bits = view.getUint32(body + 1, true);
      size = larger(size, { width: (bits & 0x3fff) + 1, height: (bits >>> 14 & 0x3fff) + 1 });
    } else if (type === "VP8 ") {
      const width = view.getUint16(body + 6, true) & 0x3fff, height = view.getUint16(body + 8, true) & 0x3fff;
      size = larger(size, { width, height });
    }
    const length = view.getUint32(at + 4, true);
    at = body + length + (length & 1);
  }
  if (!size) throw damaged(name, "it has no WebP image");
  return size;
}

function gif(view: DataView, name: string): Size {
  const table = (flags: number): number => flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
  const screen = { width: view.getUint16(6, true), height: view.getUint16(8, true) };
  for (let at = 13 + table(view.getUint8(10)); at < view.byteLength;) {
    const block = view.getUint8(at);
    if (block === 0x2c) {
      return larger(screen, { width: view.getUint16(at + 5, true), height: view.getUint16(at + 7, true) });
    }
    if (block !== 0x21) break;
    at += 2;
    while (view.getUint8(at) !== 0) at += view.getUint8(at) + 1;
    at++;
  }
  throw damaged(name, "it has no GIF image");
}

function bmp(view: DataView): Size {
  if (view.getUint32(14, true) === 12) {
    return { width: view.getUint16(18, true), height: view.getUint16(20, true) };
  }
  return { width: Math.abs(view.getInt32(18, true)), height: Math.abs(view.getInt32(22, true)) };
}

const READERS: Readonly<Record<ImageFormat, HeaderReader>> = { png, jpeg, webp, gif, bmp };

/** The kind of file that begins with `bytes`, or null if it is none that can be read. */
export function imageFormat(bytes: Uint8Array): ImageFormat | null {
  const is = (at: number, ...signature: number[]): boolean => signature.every((b, i) => bytes[at + i] === b);
  if (is(0, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return "png";
  if (is(0, 0xff, 0xd8, 0xff)) return "jpeg";
  if (is(0, 0x52, 0x49, 0x46, 0x46) && is(8, 0x57, 0x45, 0x42, 0x50)) return "webp";
  if (is(0, 0x47, 0x49, 0x46, 0x38)) return "gif";
  return is(0, 0x42, 0x4d) ? "bmp" : null;
}

/**
 * Reads the size and orientation of an image file without decoding it.
 *
 * @param bytes The file, or enough of its beginning.
 * @param name What errors call it.
 * @throws {TypeError} If it is of another kind, or damaged.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encodePng, Image, readImageHeader } from "@troodon/datasets";
 *
 * const bytes = encodePng(new Image(2, 1, 1, new Uint8Array(2)));
 * assertEquals(readImageHeader(bytes, "x.png"), { format: "png", width: 2, height: 1, orientation: 1 });
 * ```
 */
export function readImageHeader(bytes: Uint8Array, name: string): ImageHeader {
  const format = imageFormat(bytes);
  if (format === null) {
    throw damaged(name, "it does not begin like a PNG, JPEG, WebP, GIF or BMP file");
  }
  let size: Size;
  try {
    size = READERS[format](new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), name);
  } catch (error) {
    if (error instanceof RangeError) throw damaged(name, `its ${format.toUpperCase()} header is cut short`);
    throw error;
  }
  const { width, height, orientation = 1 } = size;
  if (width === 0 || height === 0) throw damaged(name, `it says that it has ${width}x${height} pixels`);
  return { format, width, height, orientation };
}
