/** Histograms as TensorBoard draws them. */
import { double, doubles, message } from "./message.ts";

/** Limits of the default bins: from 1e-12 to 1e20 in steps of a tenth, on both sides of 0. */
function defaultLimits(): number[] {
  const positive: number[] = [];
  for (let limit = 1e-12; limit < 1e20; limit *= 1.1) positive.push(limit);
  return [...positive.map((limit) => -limit).reverse(), 0, ...positive];
}

/** Limits of `count` bins of equal width from `low` to `high`. */
function evenLimits(count: number, low: number, high: number): number[] {
  const [from, to] = low < high ? [low, high] : [low - 0.5, high + 0.5];
  return Array.from({ length: count + 1 }, (_, i) => i === count ? to : from + (to - from) * i / count);
}

/** Number of the bin that holds `value`: its lower limit belongs to it. Values beyond all limits are in the outermost bins. */
function binOf(value: number, limits: readonly number[]): number {
  let low = 0, high = limits.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (value >= limits[middle]!) low = middle;
    else high = middle;
  }
  return low;
}

/** Counts of numbers by bin, with what is known of all of them together. */
export interface Histogram {
  /** The smallest number. */
  readonly min: number;
  /** The largest number. */
  readonly max: number;
  /** Count of the numbers. */
  readonly num: number;
  /** Sum of the numbers. */
  readonly sum: number;
  /** Sum of their squares. */
  readonly sumSquares: number;
  /** The upper limit of each bin; the first bin is empty, so that its limit is the lower one of the second. */
  readonly limits: readonly number[];
  /** Count of the numbers in each bin. */
  readonly counts: readonly number[];
}

/**
 * The histogram of the finite numbers among `values`.
 *
 * @param bins Number of bins of equal width; by default the bins grow with their distance from 0, as TensorFlow's do.
 */
export function histogramOf(values: ArrayLike<number>, bins?: number): Histogram {
  let min = Infinity, max = -Infinity, num = 0, sum = 0, sumSquares = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    min = Math.min(min, value);
    max = Math.max(max, value);
    num++;
    sum += value;
    sumSquares += value * value;
  }
  if (num === 0) return { min: 0, max: 0, num, sum, sumSquares, limits: [0], counts: [0] };
  const limits = bins === undefined ? defaultLimits() : evenLimits(bins, min, max);
  const counts = new Array<number>(limits.length - 1).fill(0);
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i]!)) counts[binOf(values[i]!, limits)]!++;
  }
  const first = counts.findIndex((count) => count > 0), last = counts.findLastIndex((count) => count > 0);
  return {
    ...{ min, max, num, sum, sumSquares },
    limits: limits.slice(first, last + 2),
    counts: [0, ...counts.slice(first, last + 1)],
  };
}

/** The message `HistogramProto` of a histogram. */
export function histogramMessage({ min, max, num, sum, sumSquares, limits, counts }: Histogram): Uint8Array {
  return message(
    double(1, min),
    double(2, max),
    double(3, num),
    double(4, sum),
    double(5, sumSquares),
    doubles(6, limits),
    doubles(7, counts),
  );
}
