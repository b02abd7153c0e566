/** Selects instructions for shuffles of two vectors, the same in each half of 16 bytes. */
import { vex } from "./entry.ts";
import type { Selector } from "./selector.ts";

const SHUFFLE_WORDS = vex(1, 0, 0xc6), PERMUTE_WORDS = vex(3, 1, 0x04), BLEND_WORDS = vex(3, 1, 0x0c);
const SHUFFLE_BYTES = vex(2, 1, 0x00), OR = vex(1, 1, 0xeb);
const UNPACK: Readonly<Record<string, number>> = {
  "0415": vex(1, 0, 0x14),
  "2637": vex(1, 0, 0x15),
  "0145": vex(1, 1, 0x14),
  "2367": vex(1, 1, 0x15),
};

/** Appends the current shuffle. */
export function emitShuffle(s: Selector): void {
  const mask = s.flow.shuffles[s.extra]!, { a, b } = s;
  const words = wordsOf(mask);
  if (words) shuffleWords(s, a, b, words);
  else shuffleBytes(s, a, b, mask);
}

function shuffleWords(s: Selector, a: number, b: number, from: readonly number[]): void {
  const { to } = s;
  const words = a === b ? from.map((n) => n & 3) : from;
  const packed = words.reduce((bits, n, i) => bits | (n & 3) << 2 * i, 0);
  if (words.every((n) => n < 4) || words.every((n) => n >= 4)) {
    const only = words[0]! < 4 ? a : b;
    if (packed === 0xe4) s.copy(to, only, 4);
    else s.v(PERMUTE_WORDS, to, 0, only, packed);
    return;
  }
  if (words.every((n, i) => (n & 3) === i)) {
    s.v(BLEND_WORDS, to, a, b, fromSecond(words));
    return;
  }
  const unpack = UNPACK[words.join("")], mirrored = UNPACK[words.map((n) => n ^ 4).join("")];
  if (unpack !== undefined) s.v(unpack, to, a, b);
  else if (mirrored !== undefined) s.v(mirrored, to, b, a);
  else if (words[0]! < 4 && words[1]! < 4 && words[2]! >= 4 && words[3]! >= 4) {
    s.v(SHUFFLE_WORDS, to, a, b, packed);
  } else if (words[0]! >= 4 && words[1]! >= 4 && words[2]! < 4 && words[3]! < 4) {
    s.v(SHUFFLE_WORDS, to, b, a, packed);
  } else {
    // Each vector in the wanted order, then lane by lane from one of the two.
    const t = s.vector(0), u = s.vector(1);
    s.v(PERMUTE_WORDS, t, 0, a, packed);
    s.v(PERMUTE_WORDS, u, 0, b, packed);
    s.v(BLEND_WORDS, to, t, u, fromSecond(words));
  }
}

/** A bit for each word that comes from the second vector, for both halves of wide vectors. */
function fromSecond(words: readonly number[]): number {
  return words.reduce((bits, n, i) => bits | (n >> 2) * 0x11 << i, 0);
}

/** Bytes of the mask with the sign bit set give zero. */
function shuffleBytes(s: Selector, a: number, b: number, mask: Uint8Array): void {
  const t = s.vector(0),
    bytes = (pick: (n: number) => number): Uint8Array => {
      const half = mask.map(pick);
      return s.wide ? Uint8Array.of(...half, ...half) : half;
    };
  if (a === b || mask.every((n) => n < 16) || mask.every((n) => n >= 16)) {
    s.v(SHUFFLE_BYTES, s.to, mask[0]! < 16 ? a : b, s.asm.constant(bytes((n) => n & 15)));
    return;
  }
  s.v(SHUFFLE_BYTES, t, a, s.asm.constant(bytes((n) => n < 16 ? n : 0x80)));
  s.v(SHUFFLE_BYTES, s.to, b, s.asm.constant(bytes((n) => n < 16 ? 0x80 : n - 16)));
  s.v(OR, s.to, s.to, t);
}

/** Returns the bits that select the source of each of four words of a shuffle. */
function wordsOf(mask: Uint8Array): number[] | undefined {
  const words: number[] = [];
  for (let i = 0; i < 16; i += 4) {
    const first = mask[i]!;
    if (first % 4 !== 0) return undefined;
    for (let k = 1; k < 4; k++) if (mask[i + k] !== first + k) return undefined;
    words.push(first / 4);
  }
  return words;
}
