/** Further scores of a confusion matrix, with scikit-learn's rules. */
import { checkCall, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { average, type Confusion, SCORE_OPTIONS, type ScoreOptions } from "./scores.ts";

const sumOf = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
const rowSums = (confusion: Confusion): number[] => confusion.map(sumOf);
const columnSums = (confusion: Confusion): number[] =>
  confusion.map((_, i) => sumOf(confusion.map((row) => row[i]!)));

/**
 * The weighted harmonic mean of precision and recall, where recall counts `beta` times as much.
 *
 * @throws {RangeError} If `beta` is negative or not finite, or the average is binary and there are not two classes.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { fBeta } from "@troodon/train";
 *
 * assertAlmostEquals(fBeta([[3, 1], [0, 4]], 2), 5 * 4 / (5 * 4 + 1), 1e-12);
 * ```
 */
export function fBeta(confusion: Confusion, beta: number, options: ScoreOptions = {}): number {
  options = readOptions("fBeta()", options, SCORE_OPTIONS);
  checkCall("fBeta", arguments, "ad.");
  if (!(beta >= 0 && beta < Infinity)) {
    throw new RangeError(
      `Cannot calculate fBeta() as beta must be finite and not negative: current beta is ${beta}`,
    );
  }
  const square = beta * beta;
  return average(confusion, ({ truePositives: t, falsePositives, falseNegatives }) => {
    const part = (1 + square) * t;
    return [part, part + square * falseNegatives + falsePositives];
  }, options);
}

/** Intersection over union, also called Jaccard index: tp / (tp + fp + fn). */
export function iou(confusion: Confusion, options: ScoreOptions = {}): number {
  options = readOptions("iou()", options, SCORE_OPTIONS);
  checkCall("iou", arguments, "a.");
  return average(confusion, ({ truePositives: t, falsePositives, falseNegatives }) => [
    t,
    t + falsePositives + falseNegatives,
  ], options);
}

/** Options of {@linkcode balancedAccuracy}. */
export interface BalancedAccuracyOptions {
  /** Rescale so that chance scores 0; false by default. */
  readonly adjusted?: boolean;
}
const BALANCED_ACCURACY_OPTIONS: OptionKeys<BalancedAccuracyOptions> = { adjusted: true };

/** The mean recall of the classes that occur; NaN without samples. */
export function balancedAccuracy(confusion: Confusion, options: BalancedAccuracyOptions = {}): number {
  const { adjusted = false } = readOptions("balancedAccuracy()", options, BALANCED_ACCURACY_OPTIONS);
  checkCall("balancedAccuracy", arguments, "a.");
  const recalls = confusion.map((row, i) => row[i]! / sumOf(row)).filter((recall) => !Number.isNaN(recall));
  const mean = sumOf(recalls) / recalls.length, chance = 1 / recalls.length;
  return adjusted ? (mean - chance) / (1 - chance) : mean;
}

/** The correlation of classes and predictions, from -1 to 1 (Matthews 1975; Gorodkin 2004); 0 where either does not vary. */
export function matthewsCorrcoef(confusion: Confusion): number {
  checkCall("matthewsCorrcoef", arguments, "a");
  const truths = rowSums(confusion), found = columnSums(confusion), n = sumOf(truths);
  const product = (a: readonly number[], b: readonly number[]): number => sumOf(a.map((x, i) => x * b[i]!));
  const right = sumOf(confusion.map((row, i) => row[i]!));
  const spread = (n * n - product(truths, truths)) * (n * n - product(found, found));
  return spread === 0 ? 0 : (right * n - product(truths, found)) / Math.sqrt(spread);
}

/** Options of {@linkcode cohenKappa}. */
export interface CohenKappaOptions {
  /** Weight of a mistake: the distance of the classes or its square (default: all mistakes count alike). */
  readonly weights?: "linear" | "quadratic";
}
const COHEN_KAPPA_OPTIONS: OptionKeys<CohenKappaOptions> = { weights: true };

/**
 * Agreement beyond chance (Cohen 1960): 1 if all agree, 0 at chance level, NaN if chance alone always agrees.
 *
 * @throws {RangeError} If the weights are neither linear nor quadratic.
 */
export function cohenKappa(confusion: Confusion, options: CohenKappaOptions = {}): number {
  const { weights } = readOptions("cohenKappa()", options, COHEN_KAPPA_OPTIONS);
  checkCall("cohenKappa", arguments, "a.");
  if (weights !== undefined && weights !== "linear" && weights !== "quadratic") {
    throw new RangeError(
      `Cannot calculate cohenKappa() as weights must be linear or quadratic: current ones are ${weights}`,
    );
  }
  const truths = rowSums(confusion), found = columnSums(confusion), n = sumOf(truths);
  let seen = 0, expected = 0;
  for (let i = 0; i < confusion.length; i++) {
    for (let j = 0; j < confusion.length; j++) {
      const far = Math.abs(i - j),
        weight = weights === "quadratic" ? far * far : weights ? far : Number(far > 0);
      seen += weight * confusion[i]![j]!;
      expected += weight * truths[i]! * found[j]! / n;
    }
  }
  return 1 - seen / expected;
}

/**
 * Divides the counts by the total of each true class (`"true"`), of each predicted one (`"pred"`) or of all samples
 * (`"all"`). Shares of a total of 0 are 0.
 *
 * @throws {RangeError} If `by` is none of these.
 */
export function normalizeConfusion(confusion: Confusion, by: "true" | "pred" | "all"): number[][] {
  checkCall("normalizeConfusion", arguments, "at");
  if (by !== "true" && by !== "pred" && by !== "all") {
    throw new RangeError(
      `Cannot normalize a confusion matrix as shares must be of true, pred or all: current word is ${by}`,
    );
  }
  const truths = rowSums(confusion), found = columnSums(confusion), n = sumOf(truths);
  return confusion.map((row, i) =>
    row.map((count, j) => {
      const whole = by === "true" ? truths[i]! : by === "pred" ? found[j]! : n;
      return whole === 0 ? 0 : count / whole;
    })
  );
}
