import type { Tensor } from "@troodon/core";
import { checkClasses, classesOf, type Metric, untaped } from "./metric.ts";

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

/**
 * The area under the receiver operating characteristic, exactly: all scores are kept. Predictions are scores of
 * class 1 [n], of two classes [n, 2], or of more [n, classes], where each class is set against the rest and the
 * mean taken.
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
export class RocAuc implements Metric {
  #batches: (readonly [scores: Tensor, truths: Tensor])[] = [];
  #columns = 0;

  /**
   * Keeps the scores of a batch.
   *
   * @throws {RangeError} If shapes do not fit, or the number of classes is another than before.
   * @throws {TypeError} If targets are not whole numbers.
   */
  update(prediction: Tensor, target: Tensor): void {
    checkClasses("RocAuc", prediction, target);
    const columns = prediction.ndim === 1 ? 1 : prediction.shape[1]!;
    if (this.#columns !== 0 && this.#columns !== columns) {
      throw new RangeError(
        `Cannot update RocAuc as scores must have ${this.#columns} columns: current number is ${columns}`,
      );
    }
    this.#columns = columns;
    untaped(() => {
      this.#batches.push([prediction.detach().clone().adopt(), classesOf(target).clone().adopt()]);
    });
  }

  /** The area over all batches since the last reset; NaN if a class does not occur, or nothing else does. */
  async compute(): Promise<number> {
    const columns = this.#columns;
    const read = await Promise.all(
      this.#batches.map(async ([scores, truths]) =>
        [await scores.dataAsync(), Array.from(await truths.dataAsync(), Number)] as const
      ),
    );
    const truths = read.flatMap(([, truths]) => truths);
    const column = (at: number): Float64Array => {
      const values = new Float64Array(truths.length);
      let to = 0;
      for (const [scores] of read) {
        for (let i = at; i < scores.length; i += columns) values[to++] = Number(scores[i]);
      }
      return values;
    };
    const against = (at: number, truth: number): number =>
      rocAuc(column(at), truths.map((value) => value === truth ? 1 : 0));
    if (columns <= 2) return against(columns - 1, 1);
    let sum = 0;
    for (let i = 0; i < columns; i++) sum += against(i, i);
    return sum / columns;
  }

  /** Begins anew. */
  reset(): void {
    for (const batch of this.#batches) for (const tensor of batch) tensor.dispose();
    this.#batches = [];
    this.#columns = 0;
  }

  /** Gives its memory back. */
  [Symbol.dispose](): void {
    this.reset();
  }
}
