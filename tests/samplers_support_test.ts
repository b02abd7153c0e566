/** Goodness-of-fit tests for draws with fixed seeds: a false alarm happens never or always. */
import { assert } from "@std/assert";

/** Significance level, low enough for hundreds of tests. */
const SIGNIFICANCE = 1e-5;

/** Asserts by the test of Kolmogorov and Smirnov that `draws` follow the continuous distribution function `cdf`. */
export function assertFollows(name: string, draws: readonly number[], cdf: (x: number) => number): void {
  const sorted = draws.toSorted((a, b) => a - b), n = sorted.length;
  let distance = 0;
  sorted.forEach((x, i) => {
    const p = cdf(x);
    distance = Math.max(distance, Math.abs(p - i / n), Math.abs((i + 1) / n - p));
  });
  const scaled = distance * (Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n));
  const chance = 2 * Math.exp(-2 * scaled * scaled);
  assert(chance > SIGNIFICANCE, `${name}: distance ${distance} of ${n} draws has the chance ${chance}`);
}

/**
 * Asserts by the chi-square test that counts of categories follow `probabilities`, the last of which is the rest.
 * Categories expected fewer than 8 times are joined.
 */
export function assertCounts(
  name: string,
  counts: readonly number[],
  probabilities: readonly number[],
): void {
  const n = counts.reduce((a, b) => a + b, 0);
  let statistic = 0, degrees = -1, count = 0, expected = 0;
  probabilities.forEach((p, i) => {
    count += counts[i]!;
    expected += n * p;
    if (expected < 8 && i < probabilities.length - 1) return;
    if (expected > 0) statistic += (count - expected) ** 2 / expected;
    else assert(count === 0, `${name}: category ${i} cannot be drawn`);
    degrees++;
    count = expected = 0;
  });
  // Wilson and Hilferty: the cube root is nearly normal.
  const spread = 2 / (9 * Math.max(degrees, 1));
  const z = (Math.cbrt(statistic / Math.max(degrees, 1)) - (1 - spread)) / Math.sqrt(spread);
  assert(z < 4.3, `${name}: chi-square ${statistic} of ${degrees} degrees lies ${z} deviations too high`);
}

/** Counts the numbers 0, 1, ... `size - 1` in `draws`; the last count includes all larger ones. */
export function histogramOf(draws: readonly number[], size: number): number[] {
  const counts = new Array<number>(size).fill(0);
  for (const draw of draws) {
    assert(Number.isInteger(draw) && draw >= 0, `${draw} is no count`);
    counts[Math.min(draw, size - 1)]!++;
  }
  return counts;
}

/** Probabilities of 0, 1, ... `size - 1`, to the last of which those above are added. */
export function masses(size: number, mass: (k: number) => number): number[] {
  const all = Array.from({ length: size }, (_, k) => mass(k));
  all[size - 1]! += Math.max(0, 1 - all.reduce((a, b) => a + b, 0));
  return all;
}
