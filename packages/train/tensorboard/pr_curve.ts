/** Precision and recall at thresholds between 0 and 1. */

/** The least that is divided by. */
const LEAST = 1e-7;

/**
 * For each threshold, from 0 to 1 in even steps, the true and false positives, true and false negatives, precision and
 * recall, as six rows.
 *
 * @param labels 1 for the samples of the class, 0 for others.
 * @param predictions The probability of the class for each sample.
 */
export function prCurve(
  labels: ArrayLike<number>,
  predictions: ArrayLike<number>,
  thresholds: number,
): number[][] {
  const positives = new Array<number>(thresholds).fill(0), negatives = new Array<number>(thresholds).fill(0);
  for (let i = 0; i < labels.length; i++) {
    const bin = Math.floor(predictions[i]! * (thresholds - 1));
    if (!(bin >= 0 && bin < thresholds)) continue;
    positives[bin]! += labels[i]!;
    negatives[bin]! += 1 - labels[i]!;
  }
  const truePositives = sumsToEnd(positives), falsePositives = sumsToEnd(negatives);
  const trueNegatives = falsePositives.map((count) => falsePositives[0]! - count);
  const falseNegatives = truePositives.map((count) => truePositives[0]! - count);
  const precision = truePositives.map((count, i) => count / Math.max(LEAST, count + falsePositives[i]!));
  const recall = truePositives.map((count, i) => count / Math.max(LEAST, count + falseNegatives[i]!));
  return [truePositives, falsePositives, trueNegatives, falseNegatives, precision, recall];
}

/** The sum from each element to the last one. */
function sumsToEnd(values: readonly number[]): number[] {
  const sums = [...values];
  for (let i = sums.length - 2; i >= 0; i--) sums[i]! += sums[i + 1]!;
  return sums;
}
