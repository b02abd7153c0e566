import type { Generator } from "@troodon/core";
import { checkSurplus, showAsText } from "@troodon/core/kernel";
import { batchOf, collateSamples } from "../batch_of.ts";
import type { HostBatch } from "../collate.ts";
import { type BatchedDataset, checkIndex, type Dataset, type GeneratorAt } from "../dataset.ts";
import { showDataset } from "../show_dataset.ts";
import { checkDataset, listOf } from "../check_dataset.ts";

/**
 * Datasets one after the other, as one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ConcatDataset } from "@troodon/datasets";
 *
 * const letters = { length: 2, get: (i: number) => "ab"[i]! };
 * const both = new ConcatDataset([letters, { length: 1, get: () => "z" }]);
 * assertEquals([0, 1, 2].map((i) => both.get(i)), ["a", "b", "z"]);
 * ```
 */
export class ConcatDataset<T> implements BatchedDataset<T> {
  /** The datasets. */
  readonly datasets: readonly Dataset<T>[];
  /** Where each of them ends. */
  readonly cumulativeSizes: readonly number[];

  /** Puts them in a row. */
  constructor(datasets: Iterable<Dataset<T>>) {
    checkSurplus(new.target.name, arguments, 1);
    let end = 0;
    this.datasets = listOf(new.target.name, datasets);
    for (const dataset of this.datasets) checkDataset(new.target.name, dataset);
    this.cumulativeSizes = this.datasets.map(({ length }) => end += length);
  }

  /** How many samples they have together. */
  get length(): number {
    return this.cumulativeSizes.at(-1) ?? 0;
  }

  /** The sample at `index`. */
  get(index: number, generator?: Generator): T | Promise<T> {
    const part = this.#partOf(index);
    return this.datasets[part]!.get(index - this.#startOf(part), generator);
  }

  /** The samples at `indices`, collated: by the dataset that has all of them, if there is one. */
  getBatch(indices: ArrayLike<number>, generatorAt?: GeneratorAt): HostBatch<T> | Promise<HostBatch<T>> {
    const parts = Array.from(indices, (index) => this.#partOf(index)), [part] = parts;
    if (part === undefined || parts.some((other) => other !== part)) {
      return collateSamples(this, indices, generatorAt);
    }
    const start = this.#startOf(part);
    return batchOf(this.datasets[part]!, Int32Array.from(indices, (index) => index - start), generatorAt);
  }

  /** The number of the dataset that has sample `index`. */
  #partOf(index: number): number {
    checkIndex(index, this.length);
    return this.cumulativeSizes.findIndex((end) => index < end);
  }

  #startOf(part: number): number {
    return this.cumulativeSizes[part - 1] ?? 0;
  }

  /** Describes the dataset: number of samples, and the concatenated datasets. */
  toString(): string {
    return showDataset(this, { datasets: this.datasets });
  }

  static {
    showAsText(this);
  }
}
