/**
 * Philox4x32-10, the counter-based generator: 128 random bits as a pure function of a counter and a key.
 *
 * J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
 */

/** Rounds that a block goes through. */
export const PHILOX_ROUNDS = 10;

/** Multipliers of the words 0 and 2 in every round. */
export const PHILOX_MULTIPLIERS: readonly [number, number] = [0xd2511f53, 0xcd9e8d57];

/** What the two key words grow by from round to round. */
export const PHILOX_KEY_STEPS: readonly [number, number] = [0x9e3779b9, 0xbb67ae85];

const [M0, M1] = PHILOX_MULTIPLIERS;
const [W0, W1] = PHILOX_KEY_STEPS;

/**
 * Writes the block of random bits that belongs to `counter` and `key`, four unsigned 32-bit words, to `out`.
 * Allocates nothing; `out` may be `counter`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { philox } from "@troodon/core/kernel";
 *
 * const words = new Uint32Array(4);
 * philox([0, 0, 0, 0], [0, 0], words);
 * assertEquals([...words], [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
 * ```
 *
 * @param counter Four unsigned 32-bit words.
 * @param key Two unsigned 32-bit words.
 * @param out Room for four words.
 */
export function philox(counter: ArrayLike<number>, key: ArrayLike<number>, out: Uint32Array): void {
  let a = counter[0]! >>> 0, b = counter[1]! >>> 0, c = counter[2]! >>> 0, d = counter[3]! >>> 0;
  let k0 = key[0]! | 0, k1 = key[1]! | 0;
  for (let round = 0; round < PHILOX_ROUNDS; round++) {
    const low0 = Math.imul(a, M0) >>> 0, low1 = Math.imul(c, M1) >>> 0;
    // The float64 product is within 2^10 of the true one, so rounding what is above `low` is exact.
    const high0 = ((a * M0 - low0) * 2 ** -32 + 0.5) >>> 0;
    const high1 = ((c * M1 - low1) * 2 ** -32 + 0.5) >>> 0;
    a = (high1 ^ b ^ k0) >>> 0;
    b = low1;
    c = (high0 ^ d ^ k1) >>> 0;
    d = low0;
    k0 = (k0 + W0) | 0;
    k1 = (k1 + W1) | 0;
  }
  out[0] = a;
  out[1] = b;
  out[2] = c;
  out[3] = d;
}
