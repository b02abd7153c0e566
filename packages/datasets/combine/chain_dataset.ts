import { checkSurplus, showAsText } from "@troodon/core/kernel";
import type { IterableDataset } from "../iterable_dataset.ts";
import { showDataset } from "../show_dataset.ts";
import { checkDataset, listOf } from "../check_dataset.ts";

/**
 * Streams one after the other, as one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ChainDataset } from "@troodon/datasets";
 *
 * assertEquals(await Array.fromAsync(new ChainDataset([[1, 2], [3]])), [1, 2, 3]);
 * ```
 */
export class ChainDataset<T> implements AsyncIterable<T> {
  /** The streams. */
  readonly datasets: readonly IterableDataset<T>[];
  /** How many samples they have together; absent if one does not say. */
  readonly length?: number;

  /** Puts them in a row. */
  constructor(datasets: Iterable<IterableDataset<T>>) {
    checkSurplus(new.target.name, arguments, 1);
    this.datasets = listOf(new.target.name, datasets);
    for (const dataset of this.datasets) checkDataset(new.target.name, dataset, true);
    let sum = 0;
    for (const { length = NaN } of this.datasets) sum += length;
    if (!Number.isNaN(sum)) this.length = sum;
  }

  /** A pass through all of them. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (const dataset of this.datasets) yield* dataset;
  }

  /** Describes the dataset: number of samples, and the chained streams. */
  toString(): string {
    return showDataset(this, { datasets: this.datasets });
  }

  static {
    showAsText(this);
  }
}
