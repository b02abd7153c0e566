/** Extreme values of lengths, counts and offsets. */
import type { Generator } from "@troodon/core";
import type { Bytes } from "./file_format.ts";

/** Numbers that code for lengths, counts and offsets may not handle. */
export const EXTREMES: readonly bigint[] = [
  ...[0n, 1n, 2n, 0x7fn, 0x80n, 0xffn, 0x7fffn, 0x8000n, 0xffffn, 0x7fffffffn, 0x80000000n, 0xfffffffen],
  ...[0xffffffffn, 1n << 32n, (1n << 53n) - 1n, 1n << 53n, (1n << 63n) - 1n, 1n << 63n, (1n << 64n) - 1n],
];

/** Draws an item of an array. */
export function drawn<T>(items: readonly T[], random: Generator): T {
  return items[random.integer(items.length)]!;
}

/**
 * Writes an extreme number of 1, 2, 4 or 8 bytes at `at`, in a random byte order, as far as there is room.
 */
export function writeExtreme(
  bytes: Bytes,
  at: number,
  random: Generator,
  width: number = drawn([1, 2, 4, 8], random),
): void {
  const value = drawn(EXTREMES, random), little = random.integer(2) === 0;
  for (let i = 0; i < width && at + i < bytes.length; i++) {
    bytes[at + i] = Number(value >> BigInt(8 * (little ? i : width - 1 - i)) & 0xffn);
  }
}

/** Concatenates byte arrays. */
export function joined(...pieces: readonly Uint8Array[]): Bytes {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
