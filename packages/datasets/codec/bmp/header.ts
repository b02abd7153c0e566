/** Parser for the headers of BMP files: OS/2 and Windows, versions 1 to 5. */

/** Compression of the pixels of a BMP file. */
export type BmpPacking = "plain" | "rle8" | "rle4" | "fields";

/** Parsed header of a BMP file. */
export interface BmpHeader {
  readonly width: number;
  readonly height: number;
  /** True if rows are stored from top to bottom. */
  readonly topDown: boolean;
  /** Number of bits per pixel: 1, 4, 8, 16, 24 or 32. */
  readonly bits: number;
  readonly packing: BmpPacking;
  /** Bit masks of red, green, blue and alpha, if the file states them. */
  readonly masks: readonly [number, number, number, number];
  /** Palette: blue, green and red of each entry, `entry` bytes apart; empty for 16 bits and more. */
  readonly palette: Uint8Array;
  readonly entry: 3 | 4;
  /** Byte offset of the pixels. */
  readonly data: number;
}

const HEADERS: readonly number[] = [12, 40, 52, 56, 64, 108, 124];
const PACKINGS: readonly BmpPacking[] = ["plain", "rle8", "rle4", "fields"];

/** Width and height, as in {@linkcode BmpHeader}. */
export function readBmpSize(view: DataView): Pick<BmpHeader, "width" | "height" | "topDown"> {
  if (view.getUint32(14, true) === 12) {
    return { width: view.getUint16(18, true), height: view.getUint16(20, true), topDown: false };
  }
  const height = view.getInt32(22, true);
  return { width: Math.abs(view.getInt32(18, true)), height: Math.abs(height), topDown: height < 0 };
}

/**
 * Parses the header of a BMP file.
 *
 * @throws {RangeError} If the file ends too early.
 */
export function readBmpHeader(bytes: Uint8Array, fail: (why: string) => never): BmpHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const u16 = (at: number): number => view.getUint16(at, true),
    u32 = (at: number): number => view.getUint32(at, true);
  const size = u32(14), old = size === 12;
  if (!HEADERS.includes(size)) fail(`its header must have ${HEADERS.join(", ")} bytes but has ${size}`);
  const bits = u16(old ? 24 : 28), stated = old ? 0 : u32(30);
  const packing = PACKINGS[stated] ?? fail(`its compression ${stated} is not known`);
  if (![1, 4, 8, 16, 24, 32].includes(bits)) {
    fail(`it must have 1, 4, 8, 16, 24 or 32 bits a pixel but has ${bits}`);
  }
  if (packing === "fields" && bits < 16) fail(`${bits} bits a pixel cannot be in fields`);
  let at = 14 + size;
  let masks: BmpHeader["masks"] = [0, 0, 0, 0];
  if (packing === "fields") {
    masks = [u32(54), u32(58), u32(62), size >= 56 ? u32(66) : 0];
    if (size === 40) at += 12;
  }
  const entry = old ? 3 : 4, entries = bits > 8 ? 0 : (old ? 0 : u32(46)) || 2 ** bits;
  if (entries > 65536) fail(`its palette must have at most 65536 entries but has ${entries}`);
  const palette = bytes.subarray(at, at + entry * entries);
  // An offset directly after the header leaves no room for the palette: the pixels begin after the palette.
  const start = u32(10), data = start === 14 + size && bits <= 8 ? start + entry * entries : start;
  return { ...readBmpSize(view), bits, packing, masks, palette, entry, data: data || at + entry * entries };
}
