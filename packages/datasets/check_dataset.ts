/** Refusing what is no dataset, as programs give it that nobody type-checks. */
import { showArgument } from "@troodon/core/kernel";

/**
 * Refuses what `owner`, the name of a class or of a function as "randomSplit()", cannot take samples of.
 *
 * @param isStream Whether samples may also come one after another, without an index.
 * @throws {TypeError} That shows the argument.
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
 * The datasets that `owner` is made of.
 *
 * @throws {TypeError} If they are no list.
 */
export function listOf<T>(owner: string, datasets: Iterable<T>): readonly T[] {
  if (typeof datasets === "object" && datasets !== null && Symbol.iterator in datasets) return [...datasets];
  throw new TypeError(
    `Cannot make ${owner} as datasets must be a list: current ones are ${showArgument(datasets)}`,
  );
}

/**
 * Refuses what has no numbers by index as the argument `name` of `owner`.
 *
 * @throws {TypeError} That shows the argument.
 */
export function checkList(owner: string, name: string, list: unknown): void {
  if (Array.isArray(list) || ArrayBuffer.isView(list)) return;
  throw new TypeError(
    `Cannot make ${owner} as ${name} must be a list of numbers: current ones are ${showArgument(list)}`,
  );
}
