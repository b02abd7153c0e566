/** Options of the DataLoader. */
import type { Device, Generator } from "@troodon/core";
import type { OptionKeys } from "@troodon/core/kernel";
import type { PageWorker } from "@troodon/io";
import type { Dataset } from "../dataset.ts";
import type { Collate } from "./fetch_batch.ts";
import { isIndexed, type IterableDataset } from "../iterable_dataset.ts";
import { BatchSampler } from "./batch_sampler.ts";
import { RandomSampler, type Sampler, SequentialSampler } from "./samplers.ts";

/** Options of a {@linkcode DataLoader}. */
export interface DataLoaderOptions<T, H> {
  /** Samples in a batch (default 1). */
  readonly batchSize?: number;
  /** Shuffles each pass (default false). */
  readonly shuffle?: boolean;
  /** The order of samples, instead of `shuffle`. */
  readonly sampler?: Sampler;
  /** The samples of each batch, instead of `batchSize`, `shuffle`, `sampler` and `dropLast`. */
  readonly batchSampler?: Sampler<readonly number[]>;
  /** Leaves out a last batch with fewer samples (default false). */
  readonly dropLast?: boolean;
  /** Function that makes a batch of samples: arrays in it become tensors (default {@linkcode collate}). */
  readonly collate?: Collate<T, H>;
  /** Batches to fetch ahead without workers where samples are promises (default 2). */
  readonly prefetch?: number;
  /** Generator of random orders and transforms (default: the default generator). */
  readonly generator?: Generator;
  /** Device of the tensors (default: the default device). */
  readonly device?: Device;
  /** Threads that fetch batches (default 0: this one does). */
  readonly numWorkers?: number;
  /**
   * Module that workers run, as an absolute URL: see {@linkcode WorkerModule}. In a page, a function that starts a
   * worker: see {@linkcode serveWorker}. Required with workers.
   */
  readonly workerModule?: string | URL | (() => PageWorker);
  /**
   * Argument of the default export of the worker module. It must survive a structured clone: no functions,
   * and only instances of built-in classes.
   */
  readonly workerData?: unknown;
  /** Batches that each worker fetches ahead (default 2). */
  readonly prefetchFactor?: number;
  /**
   * If true, workers stay alive after a pass until the loader is closed or the program ends (default false).
   */
  readonly persistentWorkers?: boolean;
  /**
   * Timeout in milliseconds for a batch that is a promise, from a worker or a dataset (default 0: no timeout;
   * after a minute, a warning in the console names the pending batch once).
   */
  readonly timeout?: number;
  /** Accepted for the sake of programs from PyTorch: batches go from the host's memory to the device as they are. */
  readonly pinMemory?: boolean;
}

/** The keys of {@linkcode DataLoaderOptions}. */
export const DATA_LOADER_OPTIONS: OptionKeys<DataLoaderOptions<unknown, unknown>> = {
  batchSize: true,
  shuffle: true,
  sampler: true,
  batchSampler: true,
  numWorkers: true,
  pinMemory: true,
  dropLast: true,
  timeout: true,
  generator: true,
  prefetchFactor: true,
  persistentWorkers: true,
  collate: true,
  prefetch: true,
  workerModule: true,
  workerData: true,
  device: true,
};

/** Options of any loader. */
export type AnyOptions = DataLoaderOptions<never, unknown>;

const NUMBERS = [["prefetch", 0], ["numWorkers", 0], ["prefetchFactor", 1], ["timeout", 0]] as const;

/** The most workers: each is a thread with an engine and modules of its own. */
const MOST_WORKERS = 256;

/**
 * Checks numbers, and what workers need.
 *
 * @throws {RangeError} If a number is out of range.
 * @throws {TypeError} If workers have no module, or a function that they cannot have.
 */
export function checkLoaderOptions(options: AnyOptions): void {
  for (const [name, least] of NUMBERS) {
    const value = options[name] ?? least;
    if (!Number.isInteger(value) || value < least) {
      throw new RangeError(
        `Cannot make a DataLoader as ${name} must be ${least ? "a positive" : "a nonnegative"} integer: ` +
          `current ${name} is ${value}`,
      );
    }
  }
  if (!options.numWorkers) return;
  if (options.numWorkers > MOST_WORKERS) {
    throw new RangeError(
      `Cannot make a DataLoader as numWorkers must be at most ${MOST_WORKERS}, as each is a thread: ` +
        `current numWorkers is ${options.numWorkers}`,
    );
  }
  if (options.workerModule === undefined) {
    throw new TypeError(
      "Cannot make a DataLoader with workers as functions cannot be sent to them: put what makes the dataset in a " +
        'module, and give { workerModule: import.meta.resolve("./my_dataset.ts") }',
    );
  }
  if (options.collate) {
    throw new TypeError(
      "Cannot make a DataLoader with workers and a collate option as functions cannot be sent: export collate from " +
        "the workerModule",
    );
  }
}

/**
 * The samples of each batch, or null for a stream.
 *
 * @throws {TypeError} If options exclude each other, or do not go with a stream.
 * @throws {RangeError} If `batchSize` is out of range.
 */
export function batchesOf(
  dataset: Dataset<unknown> | IterableDataset<unknown>,
  options: AnyOptions,
): Sampler<readonly number[]> | null {
  const { batchSampler, batchSize = 1, shuffle = false, sampler, dropLast = false, generator } = options;
  if (!isIndexed(dataset)) {
    const other = (["batchSampler", "sampler", "shuffle"] as const).find((name) => options[name]);
    if (other) {
      throw new TypeError(
        `Cannot make a DataLoader with ${other} as the dataset is a stream, without an index`,
      );
    }
    // It checks the size.
    new BatchSampler(new SequentialSampler({ length: 0 }), { batchSize });
    return null;
  }
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
  return new BatchSampler(order, { batchSize, dropLast });
}
