/** What a dataset is. */
import type { Generator } from "@troodon/core";

/**
 * Samples by index. Whoever implements it may answer at once or with a promise, must answer the same for the
 * same index and state of the generator, and may be asked for several samples at a time.
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
export interface Dataset<T> {
  /** How many samples there are. */
  readonly length: number;

  /**
   * The sample at `index`. What is random about it is drawn from `generator`, if there is one: a loader gives one
   * that depends on its seed, the pass and the index alone, whoever fetches the sample.
   *
   * @throws {RangeError} If `index` is not an integer in [0, length).
   */
  get(index: number, generator?: Generator): T | Promise<T>;

  /**
   * Several samples, already collated: what the default collate would make of them, faster. Optional; may
   * answer `undefined` where there is no such way, as with a transform of arrays that has to see every sample.
   *
   * @param generatorAt The generator of sample `indices[i]`, by `i`; a new one each time.
   * @param deferred Whether there may be {@linkcode DeferredPixels} in place of arrays: what asks makes tensors of them.
   */
  getBatch?(indices: ArrayLike<number>, generatorAt?: (i: number) => Generator, deferred?: boolean): unknown;
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
