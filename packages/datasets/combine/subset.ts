import type { Generator } from "@troodon/core";
import { checkSurplus, showAsText } from "@troodon/core/kernel";
import { batchOf } from "../batch_of.ts";
import type { HostBatch } from "../collate.ts";
import { type BatchedDataset, checkIndex, type Dataset, type GeneratorAt } from "../dataset.ts";
import { showDataset } from "../show_dataset.ts";
import { checkDataset, checkList } from "../check_dataset.ts";

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
export class Subset<T> implements BatchedDataset<T> {
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
    checkSurplus(new.target.name, arguments, 2);
    checkDataset(new.target.name, dataset);
    checkList(new.target.name, "indices", indices);
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

  /** The samples at `indices` of the subset, collated. */
  getBatch(
    indices: ArrayLike<number>,
    generatorAt?: GeneratorAt,
  ): HostBatch<T> | Promise<HostBatch<T>> {
    const own = Int32Array.from(indices, (index) => {
      checkIndex(index, this.length);
      return this.indices[index]!;
    });
    return batchOf(this.dataset, own, generatorAt);
  }

  /** Describes the subset: number of samples, and the dataset that they come from. */
  toString(): string {
    return showDataset(this, { datasets: [this.dataset] });
  }

  static {
    showAsText(this);
  }
}
