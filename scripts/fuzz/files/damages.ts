/** Damage to the bytes of a file, regardless of its format. */
import type { Generator } from "@troodon/core";
import { drawn, joined, writeExtreme } from "./extremes.ts";
import type { Bytes } from "./file_format.ts";

/** Changes a copy of `bytes`, which is not empty; `other` is another file. */
type Changer = (bytes: Bytes, random: Generator, other: Bytes) => Bytes;

const INVALID_UTF8 = [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x28]];

/** Splits bytes at `count` random positions. */
function pieces(bytes: Bytes, random: Generator, count: number): Bytes[] {
  const at = Array.from({ length: count }, () => random.integer(bytes.length + 1)).sort((a, b) => a - b);
  return [0, ...at].map((start, i) => bytes.slice(start, at[i] ?? bytes.length));
}

/** Kinds of damage by name. */
const DAMAGES: Readonly<Record<string, Changer>> = {
  "cut off": (bytes, random) => bytes.slice(0, random.integer(bytes.length)),
  appended: (bytes, random, other) => {
    const more = 1 + random.integer(64);
    return joined(bytes, drawn([new Uint8Array(more), other.slice(0, more), bytes.slice(-more)], random));
  },
  repeated: (bytes, random) => {
    const [a, b, c] = pieces(bytes, random, 2);
    return joined(a!, b!, b!, c!);
  },
  "left out": (bytes, random) => {
    const [a, , c] = pieces(bytes, random, 2);
    return joined(a!, c!);
  },
  "bit flipped": (bytes, random) => {
    bytes[random.integer(bytes.length)]! ^= 1 << random.integer(8);
    return bytes;
  },
  overwritten: (bytes, random) => {
    for (let i = 0; i <= random.integer(4); i++) {
      const at = random.integer(bytes.length);
      bytes.fill(drawn([0, 1, 127, 255, random.integer(256)], random), at, at + 1 + random.integer(4));
    }
    return bytes;
  },
  zeroed: (bytes, random) => bytes.fill(0, ...between(bytes, random)),
  extreme: (bytes, random) => {
    writeExtreme(bytes, random.integer(bytes.length), random);
    return bytes;
  },
  "extreme at the beginning": (bytes, random) => {
    writeExtreme(bytes, random.integer(Math.min(64, bytes.length)), random);
    return bytes;
  },
  spliced: (bytes, random, other) => {
    const [a] = pieces(bytes, random, 1), [, b] = pieces(other, random, 1);
    return joined(a!, b!);
  },
  "other beginning": (bytes, random, other) => {
    bytes.set(other.slice(0, Math.min(1 + random.integer(32), bytes.length)));
    return bytes;
  },
  exchanged: (bytes, random) => {
    const [a, b, c, d] = pieces(bytes, random, 3);
    return joined(a!, c!, b!, d!);
  },
  "invalid UTF-8": (bytes, random) => {
    bytes.set(drawn(INVALID_UTF8, random).slice(0, bytes.length), 0);
    const [a, b] = pieces(bytes, random, 1);
    return joined(a!, new Uint8Array(drawn(INVALID_UTF8, random)), b!);
  },
  empty: () => new Uint8Array(),
  "one byte": (bytes, random) => bytes.slice(random.integer(bytes.length)).slice(0, 1),
};

function between(bytes: Bytes, random: Generator): [number, number] {
  const start = random.integer(bytes.length);
  return [start, start + 1 + random.integer(bytes.length - start)];
}

/** Names of the kinds; those that change many files in the same way are rare. */
const KINDS = Object.keys(DAMAGES);
const SELDOM: ReadonlySet<string> = new Set(["empty", "one byte"]);

/** Kinds that only change the length of a file. */
export const LENGTH_DAMAGES: ReadonlySet<string> = new Set([
  "cut off",
  "appended",
  "empty",
  "one byte",
]);

/** Applies a random kind of damage to a copy of `bytes`. */
export function damaged(
  bytes: Bytes,
  random: Generator,
  other: Bytes,
): { readonly kind: string; readonly bytes: Bytes } {
  if (bytes.length === 0) {
    return { kind: "appended", bytes: joined(bytes, other.slice(0, 64), new Uint8Array(1)) };
  }
  let kind = drawn(KINDS, random);
  if (SELDOM.has(kind) && random.integer(8) > 0) kind = "bit flipped";
  return { kind, bytes: DAMAGES[kind]!(bytes.slice(), random, other) };
}
