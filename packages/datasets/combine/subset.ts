import type { Generator } from "@troodon/core";
import { checkIndex, type Dataset } from "../dataset.ts";

/**
 * Some samples of a dataset, in a given order.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Subset } from "@troodon/datasets";
 *
 * const letters = { length: 3, get: (i: number) => "abc"[i]! };
 * assertEquals(new Subset(letters, [2, 0]).get(0), "c");
 * ```
 */
export class Subset<T> implements Dataset<T> {
  /** The dataset that the samples are from. */
  readonly dataset: Dataset<T>;
  /** Which they are. */
  readonly indices: ArrayLike<number>;

  /**
   * Chooses samples.
   *
   * @throws {RangeError} If an index is outside the dataset.
   */
  constructor(dataset: Dataset<T>, indices: ArrayLike<number>) {
    for (let i = 0; i < indices.length; i++) checkIndex(indices[i]!, dataset.length);
    this.dataset = dataset;
    this.indices = indices;
  }

  /** How many samples there are. */
  get length(): number {
    return this.indices.length;
  }

  /** The sample at `index` of the subset. */
  get(index: number, generator?: Generator): T | Promise<T> {
    checkIndex(index, this.length);
    return this.dataset.get(this.indices[index]!, generator);
  }

  /** See {@linkcode Dataset.getBatch}. */
  getBatch(indices: ArrayLike<number>, generatorAt?: (i: number) => Generator, deferred?: boolean): unknown {
    const own = Int32Array.from(indices, (index) => {
      checkIndex(index, this.length);
      return this.indices[index]!;
    });
    return this.dataset.getBatch?.(own, generatorAt, deferred);
  }
}
