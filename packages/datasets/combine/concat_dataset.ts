import type { Generator } from "@troodon/core";
import { checkIndex, type Dataset } from "../dataset.ts";

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
export class ConcatDataset<T> implements Dataset<T> {
  /** The datasets. */
  readonly datasets: readonly Dataset<T>[];
  /** Where each of them ends. */
  readonly cumulativeSizes: readonly number[];

  /** Puts them in a row. */
  constructor(datasets: Iterable<Dataset<T>>) {
    let end = 0;
    this.datasets = [...datasets];
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

  /** See {@linkcode Dataset.getBatch}: undefined if the samples are not all of one dataset. */
  getBatch(indices: ArrayLike<number>, generatorAt?: (i: number) => Generator, deferred?: boolean): unknown {
    if (indices.length === 0) return undefined;
    const part = this.#partOf(indices[0]!), start = this.#startOf(part);
    const own = Int32Array.from(indices, (index) => index - start);
    if (!own.every((_, i) => this.#partOf(indices[i]!) === part)) return undefined;
    return this.datasets[part]!.getBatch?.(own, generatorAt, deferred);
  }

  /** The number of the dataset that has sample `index`. */
  #partOf(index: number): number {
    checkIndex(index, this.length);
    return this.cumulativeSizes.findIndex((end) => index < end);
  }

  #startOf(part: number): number {
    return this.cumulativeSizes[part - 1] ?? 0;
  }
}
