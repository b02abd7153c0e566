/** Parser for the blocks of a GIF file before its first image (GIF89a). */

/** Parsed header of the first image of a GIF file. */
export interface GifHeader {
  /** Size of the screen, enlarged to fit the first image if necessary. */
  readonly width: number;
  readonly height: number;
  /** Position and size of the first image on the screen. */
  readonly frame: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly interlaced: boolean;
  /**
   * Palette: red, green and blue of each entry; null if there is none, in which case indices are gray values.
   */
  readonly palette: Uint8Array | null;
  /** Transparent palette index, or null. */
  readonly transparent: number | null;
  /** Byte offset of the initial code size; the blocks of codes follow it. */
  readonly data: number;
}

/** Reads the color table at `at` with the size stated in `flags`; returns null if they state none. */
function tableAt(bytes: Uint8Array, at: number, flags: number): Uint8Array | null {
  return flags & 0x80 ? bytes.subarray(at, at + 3 * 2 ** ((flags & 7) + 1)) : null;
}

/** Returns the table, or null if it maps each index to the same gray: Pillow decodes such images as gray. */
function colors(table: Uint8Array | null): Uint8Array | null {
  return table?.some((value, i) => value !== Math.floor(i / 3)) ? table : null;
}

/**
 * Reads the blocks up to the first image. Bytes that do not begin a block are skipped, as in Pillow.
 *
 * @returns The header, or null if there is no image.
 * @throws {RangeError} If the file ends too early.
 */
export function readGifHeader(bytes: Uint8Array): GifHeader | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const global = tableAt(bytes, 13, view.getUint8(10));
  let transparent: number | null = null;
  for (let at = 13 + (global?.length ?? 0); at < bytes.length;) {
    const block = bytes[at++];
    if (block === 0x3b) return null;
    if (block === 0x21) {
      const label = view.getUint8(at++);
      if (label === 0xf9 && view.getUint8(at) >= 4 && bytes[at + 1]! & 1) transparent = view.getUint8(at + 4);
      while (view.getUint8(at) !== 0) at += view.getUint8(at) + 1;
      at++;
    } else if (block === 0x2c) {
      const [x, y, width, height] = [0, 2, 4, 6].map((i) => view.getUint16(at + i, true)) as [
        number,
        number,
        number,
        number,
      ];
      const flags = view.getUint8(at + 8);
      const own = tableAt(bytes, at + 9, flags);
      return {
        width: Math.max(view.getUint16(6, true), x + width),
        height: Math.max(view.getUint16(8, true), y + height),
        frame: { x, y, width, height },
        interlaced: (flags & 0x40) !== 0,
        palette: colors(own ?? global),
        transparent,
        data: at + 9 + (own?.length ?? 0),
      };
    }
  }
  return null;
}
