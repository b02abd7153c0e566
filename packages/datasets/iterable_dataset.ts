/** What a stream of samples is. */
import type { Dataset } from "./dataset.ts";

/**
 * Samples one after the other, from the beginning in every pass: anything that a `for await` loop takes. For data that
 * has no index, or no end that is known. Its order is its own, so samplers and `shuffle` do not go with it.
 *
 * With workers, each of them reads the whole stream and collates every n-th batch, so that batches come in one order
 * whatever the number of workers. Do what is costly in `collate`, then, and keep the stream cheap.
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
  /** How many samples a pass has, if that is known. */
  readonly length?: number;
};

/** Whether samples come by index. */
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
