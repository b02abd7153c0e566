/** Interfaces of streams of samples. */
import type { Dataset } from "./dataset.ts";

/**
 * Samples one after the other, from the beginning in every pass: anything that a `for await` loop takes. For data that
 * has no index, or no end that is known. Its order is its own, so samplers and `shuffle` do not go with it.
 *
 * With several workers, as in PyTorch, each reads its own stream, and the loader takes batches from them in turn. The
 * stream must divide the samples with {@linkcode getWorkerInfo}; otherwise every worker yields every sample, and a
 * warning is printed. Batches then depend on the number of workers, and a saved state can be loaded with the same
 * number only.
 *
 * @example A stream that workers share
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { getWorkerInfo } from "@troodon/datasets";
 *
 * async function* squares() {
 *   const { id, numWorkers } = getWorkerInfo() ?? { id: 0, numWorkers: 1 };
 *   for (let i = id; i < 5; i += numWorkers) yield i * i;
 * }
 * // The default export of the workerModule.
 * const open = () => ({ [Symbol.asyncIterator]: squares });
 * assertEquals(await Array.fromAsync(open()), [0, 1, 4, 9, 16]);
 * ```
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend } from "@troodon/core";
 * import { DataLoader } from "@troodon/datasets";
 *
 * function* squares() {
 *   for (let i = 0; i < 5; i++) yield i * i;
 * }
 * const device = new Device(new ReferenceBackend());
 * const loader = new DataLoader({ [Symbol.iterator]: squares }, { batchSize: 2, device });
 * const batches: unknown[] = [];
 * for await (using batch of loader) batches.push(batch.tolist());
 * assertEquals(batches, [[0, 1], [4, 9], [16]]);
 * ```
 */
export type IterableDataset<T> = (Iterable<T> | AsyncIterable<T>) & {
  /** The number of samples in a pass, if known. */
  readonly length?: number;
};

/** Returns true if samples come by index. */
export function isIndexed<T>(dataset: Dataset<T> | IterableDataset<T>): dataset is Dataset<T> {
  return "get" in dataset && typeof dataset.get === "function";
}

/** Lists of `size` samples, without the last if it is shorter and `dropLast` says so. */
export async function* inBatches<T>(
  stream: IterableDataset<T>,
  size: number,
  dropLast: boolean,
): AsyncGenerator<T[], void, undefined> {
  let batch: T[] = [];
  for await (const sample of stream) {
    batch.push(sample);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0 && !dropLast) yield batch;
}
