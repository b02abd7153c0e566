/** Runtime checks of datasets, for callers that are not type-checked. */
import { showArgument } from "@troodon/core/kernel";

/**
 * Checks that `owner`, the name of a class or of a function such as "randomSplit()", can take samples from
 * `dataset`.
 *
 * @param isStream If true, also accepts iterables, whose samples have no index.
 * @throws {TypeError} If it is not a dataset; the message shows the argument.
 */
export function checkDataset(owner: string, dataset: unknown, isStream = false): void {
  const isObject = typeof dataset === "object" && dataset !== null;
  if (Array.isArray(dataset)) return;
  if (isObject && "get" in dataset && typeof dataset.get === "function" && "length" in dataset) return;
  if (isObject && isStream && (Symbol.asyncIterator in dataset || Symbol.iterator in dataset)) {
    if (!("shape" in dataset)) return;
  }
  const advice = dataset instanceof Promise
    ? ", await it"
    : isObject && "shape" in dataset
    ? ", write new TensorDataset(x, y)"
    : "";
  throw new TypeError(
    `Cannot make ${owner} as the dataset must have length and get(i)${
      isStream ? ", or be a stream" : ""
    }: current one is ${showArgument(dataset)}${advice}`,
  );
}

/**
 * Returns the datasets that `owner` combines, as an array.
 *
 * @throws {TypeError} If they are not iterable.
 */
export function listOf<T>(owner: string, datasets: Iterable<T>): readonly T[] {
  if (typeof datasets === "object" && datasets !== null && Symbol.iterator in datasets) return [...datasets];
  throw new TypeError(
    `Cannot make ${owner} as datasets must be a list: current ones are ${showArgument(datasets)}`,
  );
}

/**
 * Checks that the argument `name` of `owner` is an array or a typed array.
 *
 * @throws {TypeError} If it is neither; the message shows the argument.
 */
export function checkList(owner: string, name: string, list: unknown): void {
  if (Array.isArray(list) || ArrayBuffer.isView(list)) return;
  throw new TypeError(
    `Cannot make ${owner} as ${name} must be a list of numbers: current ones are ${showArgument(list)}`,
  );
}
