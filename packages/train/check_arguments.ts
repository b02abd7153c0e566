/** Runtime checks of models and batches, for callers that are not type-checked. */
import { showArgument } from "@troodon/core/kernel";
import { Module } from "@troodon/nn";

/**
 * Checks that `name` can train or score a model with batches.
 *
 * @throws {TypeError} If it is not a module or not batches; the message shows the argument.
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
