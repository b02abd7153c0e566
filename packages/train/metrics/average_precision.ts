import { type KeptScores, RankMetric } from "./kept_scores.ts";

/**
 * The area under the precision-recall curve in steps: the mean of the precisions at each recall, weighted by the
 * increase in recall.
 *
 * @param scores The higher, the more likely positive.
 * @param positives Not 0 where the sample is positive.
 * @returns 0 without positives, NaN if a score is NaN.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { averagePrecision } from "@troodon/train";
 *
 * assertAlmostEquals(averagePrecision([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]), 5 / 6, 1e-12);
 * ```
 */
export function averagePrecision(scores: ArrayLike<number>, positives: ArrayLike<number>): number {
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i).sort((a, b) =>
    scores[b]! - scores[a]!
  );
  let found = 0, area = 0;
  for (let start = 0; start < order.length;) {
    const score = scores[order[start]!]!;
    if (Number.isNaN(score)) return NaN;
    let end = start, tied = 0;
    for (; end < order.length && scores[order[end]!] === score; end++) {
      if (positives[order[end]!] !== 0) tied++;
    }
    found += tied;
    area += tied * found / end;
    start = end;
  }
  return found === 0 ? 0 : area / found;
}

/**
 * The {@linkcode averagePrecision} of all scores, which are kept. Predictions are scores of class 1 [n], of two classes
 * [n, 2], or of more [n, classes], where each class is set against the rest and the mean taken.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { AveragePrecision } from "@troodon/train";
 *
 * const device = new Device(new ReferenceBackend());
 * using metric = new AveragePrecision();
 * const classes = tensor([0, 0, 1, 1], { device, dtype: "int32" });
 * metric.update(tensor([0.1, 0.4, 0.35, 0.8], { device }), classes);
 * assertAlmostEquals(await metric.compute(), 5 / 6, 1e-12);
 * ```
 */
export class AveragePrecision extends RankMetric {
  /** See {@linkcode RankMetric}. */
  protected override value({ columns, truths, column }: KeptScores): number {
    const of = (at: number, truth: number): number =>
      averagePrecision(column(at), truths.map((value) => value === truth ? 1 : 0));
    if (columns <= 2) return of(columns - 1, 1);
    let sum = 0;
    for (let i = 0; i < columns; i++) sum += of(i, i);
    return sum / columns;
  }
}
