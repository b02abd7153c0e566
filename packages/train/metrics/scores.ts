/** Scores of a confusion matrix, with scikit-learn's rules. */
import { type OptionKeys, readOptions } from "@troodon/core/kernel";

/** `confusion[truth][prediction]`: how many. */
export type Confusion = readonly (readonly number[])[];

/**
 * Average of the classes' scores:
 *
 * - `"binary"`: that of the positive class, of two;
 * - `"micro"`: of all decisions together;
 * - `"macro"`: the mean over the classes that occur;
 * - `"weighted"`: their mean by how often they are true.
 */
export type Average = "binary" | "micro" | "macro" | "weighted";

/** Options of {@linkcode precision}, {@linkcode recall} and {@linkcode f1}. */
export interface ScoreOptions {
  /** Average of the classes' scores (default `"binary"`). */
  readonly average?: Average;
  /** The class that is searched for, where the average is binary (default 1). */
  readonly positive?: number;
  /** The score where there is nothing to divide by: 0 (default), 1, or NaN, which means leave out. */
  readonly zeroDivision?: number;
}

/** The keys of {@linkcode ScoreOptions}. */
export const SCORE_OPTIONS: OptionKeys<ScoreOptions> = { average: true, positive: true, zeroDivision: true };

/** Counts of right and wrong predictions for a class. */
export interface ClassCounts {
  /** Found where it was. */
  readonly truePositives: number;
  /** Found where it was not. */
  readonly falsePositives: number;
  /** Not found where it was. */
  readonly falseNegatives: number;
}

/** The numerator and denominator of a class's score. */
export type Ratio = (counts: ClassCounts) => readonly [part: number, whole: number];

const RATIOS = {
  precision: ({ truePositives: t, falsePositives }) => [t, t + falsePositives],
  recall: ({ truePositives: t, falseNegatives }) => [t, t + falseNegatives],
  f1: (
    { truePositives: t, falsePositives, falseNegatives },
  ) => [2 * t, 2 * t + falsePositives + falseNegatives],
} satisfies Record<string, Ratio>;

/**
 * The share of samples whose class was found; NaN without samples.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { accuracy } from "@troodon/train";
 *
 * assertEquals(accuracy([[3, 1], [0, 4]]), 7 / 8);
 * ```
 */
export function accuracy(confusion: Confusion): number {
  const total = confusion.flat().reduce((sum, count) => sum + count, 0);
  return confusion.reduce((sum, row, i) => sum + row[i]!, 0) / total;
}

/**
 * The share of what was found that is right: tp / (tp + fp).
 *
 * @throws {RangeError} If the average is binary and there are not two classes, or no such positive one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { precision } from "@troodon/train";
 *
 * assertEquals(precision([[3, 1], [0, 4]]), 4 / 5);
 * assertEquals(precision([[3, 1], [0, 4]], { average: "macro" }), (3 / 3 + 4 / 5) / 2);
 * ```
 */
export function precision(confusion: Confusion, options: ScoreOptions = {}): number {
  options = readOptions("precision()", options, SCORE_OPTIONS);
  return average(confusion, RATIOS.precision, options);
}

/**
 * The share of what is there that was found: tp / (tp + fn).
 *
 * @throws {RangeError} If the average is binary and there are not two classes, or no such positive one.
 */
export function recall(confusion: Confusion, options: ScoreOptions = {}): number {
  options = readOptions("recall()", options, SCORE_OPTIONS);
  return average(confusion, RATIOS.recall, options);
}

/**
 * The harmonic mean of precision and recall: 2 tp / (2 tp + fp + fn).
 *
 * @throws {RangeError} If the average is binary and there are not two classes, or no such positive one.
 */
export function f1(confusion: Confusion, options: ScoreOptions = {}): number {
  options = readOptions("f1()", options, SCORE_OPTIONS);
  return average(confusion, RATIOS.f1, options);
}

/** Scores of one class. */
export interface ClassScores {
  /** Share of what was found that is right. */
  readonly precision: number;
  /** Share of what is there that was found. */
  readonly recall: number;
  /** Harmonic mean of both. */
  readonly f1: number;
  /** Number of samples of the class. */
  readonly support: number;
}

const SCORES_BY_CLASS_OPTIONS: OptionKeys<Pick<ScoreOptions, "zeroDivision">> = { zeroDivision: true };

/** The scores of each class. */
export function scoresByClass(
  confusion: Confusion,
  options?: Pick<ScoreOptions, "zeroDivision">,
): ClassScores[] {
  const { zeroDivision = 0 } = readOptions("scoresByClass()", options, SCORES_BY_CLASS_OPTIONS);
  return classCounts(confusion).map((counts) => ({
    precision: divide(RATIOS.precision(counts), zeroDivision),
    recall: divide(RATIOS.recall(counts), zeroDivision),
    f1: divide(RATIOS.f1(counts), zeroDivision),
    support: counts.truePositives + counts.falseNegatives,
  }));
}

function classCounts(confusion: Confusion): ClassCounts[] {
  return confusion.map((row, i) => {
    const truePositives = row[i]!;
    return {
      truePositives,
      falsePositives: confusion.reduce((sum, other) => sum + other[i]!, 0) - truePositives,
      falseNegatives: row.reduce((sum, count) => sum + count, 0) - truePositives,
    };
  });
}

function divide([part, whole]: readonly [number, number], zeroDivision: number): number {
  return whole === 0 ? zeroDivision : part / whole;
}

/** The score `ratio` of the classes, averaged as the options say. */
export function average(confusion: Confusion, ratio: Ratio, options: ScoreOptions): number {
  const { average = "binary", positive = 1, zeroDivision = 0 } = options;
  const counts = classCounts(confusion);
  if (average === "binary") {
    const found = counts[positive];
    if (counts.length === 2 && found) return divide(ratio(found), zeroDivision);
    throw new RangeError(
      `Cannot average as binary as there must be two classes, ${positive} among them: ` +
        `current number of classes is ${counts.length}: use macro, micro or weighted`,
    );
  }
  if (average === "micro") {
    const sum = (name: keyof ClassCounts): number => counts.reduce((total, c) => total + c[name], 0);
    return divide(
      ratio({
        truePositives: sum("truePositives"),
        falsePositives: sum("falsePositives"),
        falseNegatives: sum("falseNegatives"),
      }),
      zeroDivision,
    );
  }
  const present = counts.filter((c) => c.truePositives + c.falsePositives + c.falseNegatives > 0);
  const scores = present.map((c) => divide(ratio(c), zeroDivision));
  const supports = present.map((c) => c.truePositives + c.falseNegatives);
  const weighted = average === "weighted" && supports.some((support) => support > 0);
  let sum = 0, weights = 0;
  for (const [i, score] of scores.entries()) {
    const weight = weighted ? supports[i]! : 1;
    if (Number.isNaN(score)) continue;
    sum += weight * score;
    weights += weight;
  }
  if (weights > 0) return sum / weights;
  // If no class is ever true, all count alike, as in scikit-learn.
  const known = scores.filter((score) => !Number.isNaN(score));
  return known.length > 0
    ? known.reduce((a, b) => a + b, 0) / known.length
    : present.length > 0
    ? NaN
    : zeroDivision;
}
