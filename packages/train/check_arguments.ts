/** Refusing what is no model or no batches, as programs give it that nobody type-checks. */
import { showArgument } from "@troodon/core/kernel";
import { Module } from "@troodon/nn";

/**
 * Refuses what `name` cannot train or score: no module, or no batches.
 *
 * @throws {TypeError} That shows the argument.
 */
export function checkModelAndBatches(name: string, model: unknown, batches: unknown): void {
  if (!(model instanceof Module)) {
    throw new TypeError(
      `Cannot apply ${name}() as the model must be a module: current one is ${showArgument(model)}, ` +
        `write ${name}(model, batches, { ... })`,
    );
  }
  const isObject = typeof batches === "object" && batches !== null;
  if (isObject && (Symbol.asyncIterator in batches || Symbol.iterator in batches) && "length" in batches) {
    return;
  }
  throw new TypeError(
    `Cannot apply ${name}() as batches must be a DataLoader or a list of them: current ones are ${
      showArgument(batches)
    }${batches instanceof Promise ? ", await it" : ""}`,
  );
}
