/** What a worker runs. */
import type { Dataset } from "../../dataset.ts";
import type { Collate } from "../fetch_batch.ts";
import type { IterableDataset } from "../../iterable_dataset.ts";

/** Which worker this is. */
export interface WorkerInfo {
  /** Its number, from 0. */
  readonly id: number;
  /** How many there are. */
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
  /** Makes the dataset of a worker of `workerData`. All workers must make the same. */
  readonly default: (
    data: D,
  ) => Dataset<T> | IterableDataset<T> | Promise<Dataset<T> | IterableDataset<T>>;
  /** What makes a batch of samples (default {@linkcode collate}). It must not return tensors. */
  readonly collate?: Collate<T, H>;
  /** Called once in each worker before its dataset is made. */
  readonly workerInit?: (info: WorkerInfo) => void | Promise<void>;
}

let current: WorkerInfo | null = null;

/** Tells this thread which worker it is. */
export function setWorkerInfo(info: WorkerInfo): void {
  current = info;
}

/**
 * Which worker of a loader this thread is, or null if it is none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { getWorkerInfo } from "@troodon/datasets";
 *
 * assertEquals(getWorkerInfo(), null);
 * ```
 */
export function getWorkerInfo(): WorkerInfo | null {
  return current;
}
