/** Interface of the modules that workers run. */
import type { Dataset } from "../../dataset.ts";
import type { Collate } from "../fetch_batch.ts";
import type { IterableDataset } from "../../iterable_dataset.ts";

/** The number of a worker, and the number of workers. */
export interface WorkerInfo {
  /** The number of the worker, from 0. */
  readonly id: number;
  /** The number of workers. */
  readonly numWorkers: number;
}

/**
 * The exports of a module that a {@linkcode DataLoader} runs in its workers. Functions cannot be sent to another
 * thread, so a worker makes its own dataset: the module's default export returns it, and the program that makes the
 * loader may call the same function.
 *
 * @example A module and the program that uses it
 * ```ts ignore
 * // cats_and_dogs.ts
 * export default (root: string) => ImageFolder.open(root, { transform: new ToTensor() });
 *
 * // train.ts
 * import open from "./cats_and_dogs.ts";
 * const loader = new DataLoader(await open("data/train"), {
 *   batchSize: 64,
 *   numWorkers: 2,
 *   workerModule: import.meta.resolve("./cats_and_dogs.ts"),
 *   workerData: "data/train",
 * });
 * ```
 */
export interface WorkerModule<D = unknown, T = unknown, H = unknown> {
  /**
   * Makes the dataset of a worker from `workerData`. All workers must make the same dataset, except for their parts of
   * a stream.
   */
  readonly default: (
    data: D,
  ) => Dataset<T> | IterableDataset<T> | Promise<Dataset<T> | IterableDataset<T>>;
  /** Function that makes a batch of samples (default {@linkcode collate}). It must not return tensors. */
  readonly collate?: Collate<T, H>;
  /** Called once in each worker before its dataset is made. */
  readonly workerInit?: (info: WorkerInfo) => void | Promise<void>;
}

let current: WorkerInfo | null = null;
let asked = false;

/** Tells this thread which worker it is. */
export function setWorkerInfo(info: WorkerInfo): void {
  current = info;
}

/** Returns true in the thread of a worker. */
export function isWorker(): boolean {
  return current !== null;
}

/** Returns true if {@linkcode getWorkerInfo} was called in this thread. */
export function askedWorkerInfo(): boolean {
  return asked;
}

/**
 * Returns the number of this thread among the workers of a {@linkcode DataLoader}, and the number of workers; null in
 * other threads. A stream that workers read must divide its samples with it: see {@linkcode IterableDataset}.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { getWorkerInfo } from "@troodon/datasets";
 *
 * const { id, numWorkers } = getWorkerInfo() ?? { id: 0, numWorkers: 1 };
 * assertEquals([id, numWorkers], [0, 1]);
 * ```
 */
export function getWorkerInfo(): WorkerInfo | null {
  asked = true;
  return current;
}
