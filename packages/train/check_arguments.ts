/** Runtime checks of models and batches, for callers that are not type-checked. */
import { showArgument } from "@troodon/core/kernel";
import { Module } from "@troodon/nn";
import { Optimizer } from "@troodon/optim";

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

/**
 * Checks that the options of `name` contain an optimizer, and a loss or a step.
 *
 * @throws {TypeError} If they do not; the message shows what is there.
 */
export function checkParts(
  name: string,
  { optimizer, loss, step }: { readonly [name in "optimizer" | "loss" | "step"]?: unknown },
): void {
  if (!(optimizer instanceof Optimizer)) {
    throw new TypeError(
      `Cannot apply ${name}() as there must be an optimizer among the options: current one is ${
        showArgument(optimizer)
      }`,
    );
  }
  if ((typeof loss === "function") === (typeof step === "function")) {
    throw new TypeError(
      `Cannot apply ${name}() as there must be a loss, or a step that gives it, among the options: current ones are ${
        showArgument(loss)
      } and ${showArgument(step)}`,
    );
  }
}
