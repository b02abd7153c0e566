import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { type KeptScores, RankMetric } from "./kept_scores.ts";

/**
 * The area under the receiver operating characteristic: the probability that a positive sample has a higher score
 * than a negative one, ties counted half (Mann and Whitney, 1947).
 *
 * @param scores The higher, the more likely positive.
 * @param positives Not 0 where the sample is positive.
 * @returns NaN if there are only positives, or only negatives, or a score is NaN.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { rocAuc } from "@troodon/train";
 *
 * assertEquals(rocAuc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]), 0.75);
 * ```
 */
export function rocAuc(scores: ArrayLike<number>, positives: ArrayLike<number>): number {
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i)
    .sort((a, b) => scores[a]! - scores[b]!);
  let ranks = 0, positive = 0;
  for (let start = 0; start < order.length;) {
    const score = scores[order[start]!]!;
    if (Number.isNaN(score)) return NaN;
    let end = start, tied = 0;
    for (; end < order.length && scores[order[end]!] === score; end++) {
      if (positives[order[end]!] !== 0) tied++;
    }
    // Ranks are counted from 1; those that tie share their mean.
    ranks += tied * (start + 1 + end) / 2;
    positive += tied;
    start = end;
  }
  return (ranks - positive * (positive + 1) / 2) / (positive * (order.length - positive));
}

/** Options of {@linkcode RocAuc}. */
export interface RocAucOptions {
  /**
   * Comparison of more than two classes: each with the rest (`"ovr"`, default), or one with one (`"ovo"`), which does
   * not depend on the shares of the classes (Hand and Till, 2001).
   */
  readonly multiClass?: "ovr" | "ovo";
  /** Plain mean (`"macro"`, default), or weighted by how often classes, or pairs of them, are true. */
  readonly average?: "macro" | "weighted";
}
const ROC_AUC_OPTIONS: OptionKeys<RocAucOptions> = { multiClass: true, average: true };

/**
 * The area under the receiver operating characteristic, exactly: all scores are kept. Predictions are scores of
 * class 1 [n], of two classes [n, 2], or of more [n, classes], where the mean over classes or their pairs is taken.
 * NaN if a class does not occur, or nothing else does.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { RocAuc } from "@troodon/train";
 *
 * const device = new Device(new ReferenceBackend());
 * using metric = new RocAuc();
 * metric.update(tensor([0.1, 0.4], { device }), tensor([0, 0], { device, dtype: "int32" }));
 * metric.update(tensor([0.35, 0.8], { device }), tensor([1, 1], { device, dtype: "int32" }));
 * assertEquals(await metric.compute(), 0.75);
 * ```
 */
export class RocAuc extends RankMetric {
  readonly #pairs: boolean;
  readonly #weighted: boolean;

  /**
   * The plain mean of each class against the rest by default.
   *
   * @throws {RangeError} If an option has an unknown value.
   */
  constructor(options: RocAucOptions = {}) {
    const { multiClass = "ovr", average = "macro" } = readOptions(new.target.name, options, ROC_AUC_OPTIONS);
    if (!["ovr", "ovo"].includes(multiClass) || !["macro", "weighted"].includes(average)) {
      throw new RangeError(
        "Cannot make RocAuc as multiClass must be ovr or ovo, and average macro or weighted: " +
          `current ones are ${multiClass} and ${average}`,
      );
    }
    super();
    this.#pairs = multiClass === "ovo";
    this.#weighted = average === "weighted";
  }

  /** See {@linkcode RankMetric}. */
  protected override value({ columns, truths, column }: KeptScores): number {
    const against = (at: number, truth: number): number =>
      rocAuc(column(at), truths.map((value) => value === truth ? 1 : 0));
    if (columns <= 2) return against(columns - 1, 1);
    const counts = Array.from({ length: columns }, (_, i) => truths.filter((truth) => truth === i).length);
    let sum = 0, weights = 0;
    const add = (area: number, count: number): void => {
      const weight = this.#weighted ? count : 1;
      sum += weight * area;
      weights += weight;
    };
    for (let i = 0; i < columns; i++) {
      if (!this.#pairs) add(against(i, i), counts[i]!);
      else for (let j = 0; j < i; j++) add(pairArea(truths, column, i, j), counts[i]! + counts[j]!);
    }
    return sum / weights;
  }
}

/** The mean of the areas of `a` against `b` and of `b` against `a`, among the samples of both. */
function pairArea(truths: readonly number[], column: KeptScores["column"], a: number, b: number): number {
  const both = truths.flatMap((truth, i) => truth === a || truth === b ? [i] : []);
  const area = (one: number): number => {
    const scores = column(one);
    return rocAuc(both.map((i) => scores[i]!), both.map((i) => truths[i] === one ? 1 : 0));
  };
  return (area(a) + area(b)) / 2;
}
