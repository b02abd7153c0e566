/** Assertions about the distribution of random draws. */
import { assert } from "@std/assert";
import { Tensor } from "@troodon/core";

/**
 * Tolerance for a mean or a deviation, in standard errors. The seed is fixed, so the outcome never changes.
 */
const ERRORS = 4.5;

/** Returns the elements as numbers. */
export const numbersOf = (t: Tensor): number[] => Array.from(t.dataSync(), Number);

function moments(values: readonly number[]): { readonly mean: number; readonly std: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return { mean, std: Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length) };
}

/** Asserts that draws have the given mean and standard deviation. */
export function assertNormal(
  draws: Tensor | { readonly values: readonly number[] },
  std: number,
  mean = 0,
): void {
  const values = draws instanceof Tensor ? numbersOf(draws) : draws.values, found = moments(values);
  const error = std / Math.sqrt(values.length);
  assert(Math.abs(found.mean - mean) <= ERRORS * error, `the mean is ${found.mean}: it should be ${mean}`);
  assert(Math.abs(found.std - std) <= ERRORS * error, `the deviation is ${found.std}: it should be ${std}`);
}

/** Asserts that draws are uniform between -bound and bound, and come close to both. */
export function assertUniform(draws: Tensor, bound: number): void {
  const values = numbersOf(draws);
  const [least, most] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  // Rounding to float16 or float32 may exceed the bound.
  assert(
    least >= -bound * 1.0005 && most <= bound * 1.0005,
    `from ${least} to ${most}: the bound is ${bound}`,
  );
  // The probability of larger gaps is exp(-20).
  const near = bound * (1 - 40 / values.length);
  assert(least <= -near && most >= near, `from ${least} to ${most}: the bound is ${bound}`);
  assertNormal(draws, bound / Math.sqrt(3));
}
