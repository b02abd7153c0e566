/** Huffman tables of JPEG files (ITU-T T.81, annexes C and K.3). */
import { fromHex } from "@troodon/io";

/** Maximum length in bits of codes that a single lookup decodes. */
export const LOOK = 9;

/** Lookup tables of a Huffman code. */
export interface HuffmanTable {
  /** By the next nine bits: length and symbol of a code of at most nine bits, else 0. */
  readonly look: Uint16Array;
  /** Largest code of each length, or -1 if there is none. */
  readonly largest: Int32Array;
  /** Offset from a code of each length to the index of its symbol. */
  readonly offset: Int32Array;
  /** Symbols, ordered by code length. */
  readonly symbols: Uint8Array;
}

/**
 * Builds the tables of a code that has `counts[i]` codes of length `i + 1`; returns null if the counts are
 * invalid.
 */
export function huffmanTable(counts: ArrayLike<number>, symbols: Uint8Array): HuffmanTable | null {
  const look = new Uint16Array(1 << LOOK);
  const largest = new Int32Array(17).fill(-1), offset = new Int32Array(17);
  for (let length = 1, code = 0, at = 0; length <= 16; length++, code <<= 1) {
    const count = counts[length - 1]!;
    if (code + count > 1 << length) return null;
    offset[length] = at - code;
    for (let i = 0; i < count; i++, code++, at++) {
      if (length <= LOOK) {
        const first = code << (LOOK - length);
        look.fill(length << 8 | symbols[at]!, first, first + (1 << (LOOK - length)));
      }
    }
    if (count > 0) largest[length] = code - 1;
  }
  return { look, largest, offset, symbols };
}

const hex = (text: string): Uint8Array => fromHex(text.replaceAll(" ", ""));

/** Counts and symbols of tables K.3 to K.6, for luminance and chrominance. */
const STANDARD = {
  dc: [
    ["00010501 01010101 01000000 00000000", "00010203 04050607 08090a0b"],
    ["00030101 01010101 01010100 00000000", "00010203 04050607 08090a0b"],
  ],
  ac: [
    [
      "00020103 03020403 05050404 0000017d",
      "01020300 04110512 21314106 13516107 22711432 8191a108 2342b1c1 1552d1f0 24336272 82090a16 1718191a " +
      "25262728 292a3435 36373839 3a434445 46474849 4a535455 56575859 5a636465 66676869 6a737475 76777879 " +
      "7a838485 86878889 8a929394 95969798 999aa2a3 a4a5a6a7 a8a9aab2 b3b4b5b6 b7b8b9ba c2c3c4c5 c6c7c8c9 " +
      "cad2d3d4 d5d6d7d8 d9dae1e2 e3e4e5e6 e7e8e9ea f1f2f3f4 f5f6f7f8 f9fa",
    ],
    [
      "00020102 04040304 07050404 00010277",
      "00010203 11040521 31061241 51076171 13223281 08144291 a1b1c109 233352f0 156272d1 0a162434 e125f117 " +
      "18191a26 2728292a 35363738 393a4344 45464748 494a5354 55565758 595a6364 65666768 696a7374 75767778 " +
      "797a8283 84858687 88898a92 93949596 9798999a a2a3a4a5 a6a7a8a9 aab2b3b4 b5b6b7b8 b9bac2c3 c4c5c6c7 " +
      "c8c9cad2 d3d4d5d6 d7d8d9da e2e3e4e5 e6e7e8e9 eaf2f3f4 f5f6f7f8 f9fa",
    ],
  ],
} as const;

/** Standard tables that motion JPEG frames omit: 0 for luminance, 1 for chrominance. */
export function standardTable(kind: "dc" | "ac", index: number): HuffmanTable | null {
  const found = STANDARD[kind][index];
  return found ? huffmanTable(hex(found[0]), hex(found[1])) : null;
}
