import type { Tensor } from "@troodon/core";
import { checkClasses, classesOf, type Metric, untaped } from "./metric.ts";

/** All scores and classes that a {@linkcode RankMetric} has seen. */
export interface KeptScores {
  /** The number of columns of scores. */
  readonly columns: number;
  /** The class of each sample. */
  readonly truths: readonly number[];
  /** Column `i` of the scores. */
  readonly column: (i: number) => Float64Array;
}

/**
 * A {@linkcode Metric} that depends on the order of all scores, which it keeps. Predictions are [n] or [n, classes].
 */
export abstract class RankMetric implements Metric {
  #batches: (readonly [scores: Tensor, truths: Tensor])[] = [];
  #columns = 0;

  /** Returns the value of the metric over all scores. */
  protected abstract value(scores: KeptScores): number;

  /**
   * Keeps the scores of a batch.
   *
   * @throws {RangeError} If shapes do not fit, or the number of classes has changed.
   * @throws {TypeError} If targets are not whole numbers.
   */
  update(prediction: Tensor, target: Tensor): void {
    const { name } = this.constructor;
    checkClasses(name, prediction, target);
    const columns = prediction.ndim === 1 ? 1 : prediction.shape[1]!;
    if (this.#columns !== 0 && this.#columns !== columns) {
      throw new RangeError(
        `Cannot update ${name} as scores must have ${this.#columns} columns: current number is ${columns}`,
      );
    }
    this.#columns = columns;
    untaped(() => {
      this.#batches.push([prediction.detach().clone().adopt(), classesOf(target).clone().adopt()]);
    });
  }

  /**
   * Returns the value over all batches since the last reset.
   *
   * @throws {RangeError} If a target was no class.
   */
  async compute(): Promise<number> {
    const columns = this.#columns, classes = Math.max(columns, 2);
    const read = await Promise.all(
      this.#batches.map(async ([scores, truths]) =>
        [await scores.dataAsync(), Array.from(await truths.dataAsync(), Number)] as const
      ),
    );
    const truths = read.flatMap(([, truths]) => truths);
    const strays = truths.filter((truth) => truth < 0 || truth >= classes).length;
    if (strays > 0) {
      throw new RangeError(
        `Cannot compute ${this.constructor.name} as targets must be from 0 to ${classes - 1}: ` +
          `current number of others is ${strays}`,
      );
    }
    const column = (at: number): Float64Array => {
      const values = new Float64Array(truths.length);
      let to = 0;
      for (const [scores] of read) {
        for (let i = at; i < scores.length; i += columns) values[to++] = Number(scores[i]);
      }
      return values;
    };
    return this.value({ columns, truths, column });
  }

  /** Forgets all batches. */
  reset(): void {
    for (const batch of this.#batches) for (const tensor of batch) tensor.dispose();
    this.#batches = [];
    this.#columns = 0;
  }

  /** Releases the scores. */
  [Symbol.dispose](): void {
    this.reset();
  }
}
