/** What the first bytes of an image file say: its kind, size and orientation. */
import { readBmpSize } from "./bmp/header.ts";
import { readGifHeader } from "./gif/header.ts";
import { isFrame, isRestart, nextMarker } from "./jpeg/markers.ts";
import { holds, orientationOf } from "./orientation.ts";
import { pngOrientation } from "./png/orientation.ts";

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
  /**
   * Orientation from EXIF, or else XMP: 1 (upright) to 8. For 5 to 8, width and height are swapped on
   * display.
   */
  readonly orientation: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
  readonly orientation?: number;
}

type HeaderReader = (bytes: Uint8Array, view: DataView, name: string) => Size;

const damaged = (name: string, why: string): TypeError => new TypeError(`Cannot read ${name}: ${why}`);

function png(bytes: Uint8Array, view: DataView): Size {
  return { width: view.getUint32(16), height: view.getUint32(20), orientation: pngOrientation(bytes) };
}

const XMP = "http://ns.adobe.com/xap/1.0/\0";

function jpeg(bytes: Uint8Array, view: DataView, name: string): Size {
  let size: Size | null = null;
  let exif: Uint8Array | null = null, xmp: Uint8Array | null = null;
  for (let at = 2;;) {
    const marker = nextMarker(bytes, at);
    if (!marker || marker.code === 0xda || marker.code === 0xd9) break;
    at = marker.end;
    if (marker.code === 1 || isRestart(marker.code)) continue;
    const segment = bytes.subarray(at + 2, at + view.getUint16(at));
    if (isFrame(marker.code)) {
      if (size) throw damaged(name, "it has more than one JPEG frame");
      size = { height: view.getUint16(at + 3), width: view.getUint16(at + 5) };
    } else if (marker.code === 0xe1) {
      if (holds(segment, 0, "Exif\0\0")) exif ??= segment;
      else if (holds(segment, 0, XMP)) xmp = segment.subarray(XMP.length);
    }
    at += Math.max(2, view.getUint16(at));
  }
  if (!size) throw damaged(name, "it has no JPEG frame header");
  if (size.height === 0) {
    throw damaged(name, "its frame header has a height of 0, and a DNL marker that may follow is not read");
  }
  return { ...size, orientation: orientationOf(exif, xmp) };
}

/** The largest of the sizes that a frame and the canvas around it state. */
function larger(a: Size | null, b: Size): Size {
  return a && a.width * a.height >= b.width * b.height ? a : b;
}

function webp(bytes: Uint8Array, view: DataView, name: string): Size {
  let size: Size | null = null;
  let exif: Uint8Array | null = null, xmp: Uint8Array | null = null;
  for (let at = 12; at + 8 <= bytes.length;) {
    const body = at + 8, length = view.getUint32(at + 4, true);
    if (holds(bytes, at, "VP8X")) {
      const u24 = (p: number): number => view.getUint16(p, true) | view.getUint8(p + 2) << 16;
      size = larger(size, { width: u24(body + 4) + 1, height: u24(body + 7) + 1 });
    } else if (holds(bytes, at, "VP8L")) {
      const bits = view.getUint32(body + 1, true);
      size = larger(size, { width: (bits & 0x3fff) + 1, height: (bits >>> 14 & 0x3fff) + 1 });
    } else if (holds(bytes, at, "VP8 ")) {
      const width = view.getUint16(body + 6, true) & 0x3fff, height = view.getUint16(body + 8, true) & 0x3fff;
      size = larger(size, { width, height });
    } else if (holds(bytes, at, "EXIF")) exif ??= bytes.subarray(body, body + length);
    else if (holds(bytes, at, "XMP ")) xmp ??= bytes.subarray(body, body + length);
    at = body + length + (length & 1);
  }
  if (!size) throw damaged(name, "it has no WebP image");
  return { ...size, orientation: orientationOf(exif, xmp) };
}

function gif(bytes: Uint8Array, _view: DataView, name: string): Size {
  const header = readGifHeader(bytes);
  if (!header) throw damaged(name, "it has no GIF image");
  return header;
}

const READERS: Readonly<Record<ImageFormat, HeaderReader>> = {
  png,
  jpeg,
  webp,
  gif,
  bmp: (_, view) => readBmpSize(view),
};

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
    size = READERS[format](bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), name);
  } catch (error) {
    if (error instanceof RangeError) throw damaged(name, `its ${format.toUpperCase()} header is cut short`);
    throw error;
  }
  const { width, height, orientation = 1 } = size;
  if (width === 0 || height === 0) throw damaged(name, `it says that it has ${width}x${height} pixels`);
  return { format, width, height, orientation };
}
