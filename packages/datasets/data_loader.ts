import { chosenDevice, type Device, type Generator } from "@troodon/core";
import {
  collate,
  disposable,
  disposeTensors,
  type HostBatch,
  type WithTensors,
  withTensors,
} from "./collate.ts";
import type { Dataset } from "./dataset.ts";
import { BatchSampler, RandomSampler, type Sampler, SequentialSampler } from "./samplers.ts";

/** Options of a {@linkcode DataLoader}. */
export interface DataLoaderOptions<T, H> {
  /** Samples in a batch (default 1). */
  readonly batchSize?: number;
  /** Whether each pass has a random order of its own (default false). */
  readonly shuffle?: boolean;
  /** The order of samples, instead of `shuffle`. */
  readonly sampler?: Sampler;
  /** The samples of each batch, instead of `batchSize`, `shuffle`, `sampler` and `dropLast`. */
  readonly batchSampler?: Sampler<readonly number[]>;
  /** Whether a last batch with fewer samples is left out (default false). */
  readonly dropLast?: boolean;
  /** What makes a batch of samples: arrays in it become tensors (default {@linkcode collate}). */
  readonly collate?: (samples: readonly T[]) => H;
  /** Batches to fetch ahead where samples are promises (default 2). */
  readonly prefetch?: number;
  /** Where random orders come from (default: the default generator). */
  readonly generator?: Generator;
  /** Where the tensors are to live (default: the default device). */
  readonly device?: Device;
}

function batchesOf<T, H>(dataset: Dataset<T>, options: DataLoaderOptions<T, H>): Sampler<readonly number[]> {
  const { batchSampler, batchSize = 1, shuffle = false, sampler, dropLast = false, generator } = options;
  if (batchSampler) {
    const other = (["batchSize", "shuffle", "sampler", "dropLast"] as const).find((name) => options[name]);
    if (other) {
      throw new TypeError(`Cannot make a DataLoader as batchSampler excludes ${other}: give one of them`);
    }
    return batchSampler;
  }
  if (sampler && shuffle) {
    throw new TypeError("Cannot make a DataLoader as sampler excludes shuffle: give one of them");
  }
  const order = sampler ??
    (shuffle ? new RandomSampler(dataset, generator ? { generator } : {}) : new SequentialSampler(dataset));
  return new BatchSampler(order, batchSize, dropLast);
}

/**
 * Batches of a dataset, as tensors. Loop over it as often as there are epochs; the order of a pass depends on
 * nothing but the generator. `for await (using batch of loader)` frees the tensors of each batch behind it.
 *
 * Samples stay arrays on the host until their batch is due, so a loop may be left at any time. A dataset that has
 * `getBatch` is asked for whole batches.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, Generator, ReferenceBackend } from "@troodon/core";
 * import { DataLoader } from "@troodon/datasets";
 *
 * const dataset = { length: 5, get: (i: number) => ({ x: Float32Array.of(i, -i), label: i }) };
 * const device = new Device(new ReferenceBackend());
 * const loader = new DataLoader(dataset, { batchSize: 2, shuffle: true, generator: new Generator(1), device });
 * let samples = 0;
 * for await (using batch of loader) {
 *   assertEquals(batch.x.shape[1], 2);
 *   samples += batch.label.shape[0]!;
 * }
 * assertEquals(samples, 5);
 * ```
 */
export class DataLoader<T, H = HostBatch<T>> implements AsyncIterable<WithTensors<H> & Disposable> {
  /** What is loaded. */
  readonly dataset: Dataset<T>;
  readonly #batches: Sampler<readonly number[]>;
  readonly #collate: ((samples: readonly T[]) => H) | undefined;
  readonly #prefetch: number;
  readonly #device: Device | undefined;

  /**
   * Plans the batches of each pass.
   *
   * @throws {TypeError} If options exclude each other.
   * @throws {RangeError} If `batchSize` or `prefetch` is out of range.
   */
  constructor(dataset: Dataset<T>, options: DataLoaderOptions<T, H> = {}) {
    const { prefetch = 2 } = options;
    if (!Number.isInteger(prefetch) || prefetch < 0) {
      throw new RangeError(
        `Cannot make a DataLoader as prefetch must be a nonnegative integer: current prefetch is ${prefetch}`,
      );
    }
    this.dataset = dataset;
    this.#batches = batchesOf(dataset, options);
    this.#collate = options.collate;
    this.#prefetch = prefetch;
    this.#device = options.device;
  }

  /** Batches in a pass. */
  get length(): number {
    return this.#batches.length;
  }

  /** A pass. */
  async *[Symbol.asyncIterator](): AsyncGenerator<WithTensors<H> & Disposable, void, undefined> {
    const batches = this.#batches[Symbol.iterator]();
    const queue: (H | Promise<H>)[] = [];
    try {
      for (;;) {
        // Samples that are there at once gain nothing by being fetched ahead.
        while (queue.length === 0 || (queue[0] instanceof Promise && queue.length <= this.#prefetch)) {
          const { done, value } = batches.next();
          if (done) break;
          queue.push(this.#fetch(value));
        }
        const next = queue.shift();
        if (next === undefined) return;
        const host = next instanceof Promise ? await next : next;
        const settled = (this.#device ?? chosenDevice())?.settle() ?? null;
        if (settled !== null) await settled;
        yield disposable(withTensors(host, this.#device));
      }
    } finally {
      batches.return?.();
      for (const rest of queue) Promise.resolve(rest).then(disposeTensors, () => {});
    }
  }

  #fetch(indices: readonly number[]): H | Promise<H> {
    try {
      if (!this.#collate) {
        const batch = this.dataset.getBatch?.(indices);
        // The contract of getBatch: what the default collate would make.
        if (batch !== undefined) return batch as H | Promise<H>;
      }
      const make = this.#collate ?? collate as (samples: readonly unknown[]) => H;
      const samples = indices.map((index) => this.dataset.get(index));
      if (!samples.some((sample) => sample instanceof Promise)) return make(samples as readonly T[]);
      const batch = Promise.all(samples).then(make);
      // Whoever takes it from the queue sees the error; nobody may, when the loop is left early.
      batch.catch(() => {});
      return batch;
    } catch (error) {
      // Kept for its turn, after the batches before it.
      const failed = Promise.reject(error);
      failed.catch(() => {});
      return failed;
    }
  }
}
