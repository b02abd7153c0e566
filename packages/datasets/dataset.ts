/** Interfaces of datasets. */
import type { Generator } from "@troodon/core";
import type { HostBatch } from "./collate.ts";

/**
 * Samples by index: a class to extend, or what any object with these members is. It may answer at once or with a promise, must
 * answer the same for the same index and state of the generator, and may be asked for several samples at a time.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { DataLoader, type Dataset } from "@troodon/datasets";
 *
 * const squares: Dataset<{ x: number; y: number }> = { length: 5, get: (i) => ({ x: i, y: i * i }) };
 * const loader = new DataLoader(squares, { batchSize: 2 });
 * assertEquals(loader.length, 3);
 * ```
 */
export abstract class Dataset<T = unknown> {
  /** The number of samples. */
  abstract readonly length: number;

  /**
   * The sample at `index`. What is random about it is drawn from `generator`, if there is one: a loader gives one that
   * depends on its seed, the pass and the position in the order of the pass alone, not on the worker that fetches the
   * sample.
   *
   * @throws {RangeError} If `index` is not an integer in [0, length).
   */
  abstract get(index: number, generator?: Generator): T | Promise<T>;
}

/** The generator of the sample at a place in a batch; a new one each time. */
export type GeneratorAt = (place: number) => Generator;

/** A dataset that gives whole batches, faster than one by one. */
export interface BatchedDataset<T, H = HostBatch<T>> extends Dataset<T> {
  /**
   * The samples at `indices`, collated: what {@linkcode collate} makes of them. Arrays in it are new, as a worker gives
   * them away.
   *
   * @param generatorAt What is random about a sample is drawn from, if there is one.
   * @throws {RangeError} If an index is not an integer in [0, length).
   */
  getBatch(indices: ArrayLike<number>, generatorAt?: GeneratorAt): H | Promise<H>;
}

/** Returns true for datasets that give whole batches. */
export function isBatched<T>(dataset: Dataset<T>): dataset is BatchedDataset<T> {
  return "getBatch" in dataset && typeof dataset.getBatch === "function";
}

/**
 * Checks an index into a dataset.
 *
 * @throws {RangeError} If `index` is not an integer in [0, length).
 */
export function checkIndex(index: number, length: number): void {
  if (!Number.isInteger(index) || index < 0 || index >= length) {
    throw new RangeError(
      `Cannot get a sample as the index must be an integer in [0, ${length}): current index is ${index}`,
    );
  }
}
