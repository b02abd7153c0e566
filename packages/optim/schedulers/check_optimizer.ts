/** Runtime checks of optimizers, for callers that are not type-checked. */
import { showArgument } from "@troodon/core/kernel";
import { Optimizer } from "../optimizer.ts";

/**
 * Checks that the scheduler `owner` can set the learning rates of an optimizer.
 *
 * @throws {TypeError} If it is not an optimizer; the message shows the argument.
 */
export function checkOptimizer(owner: string, optimizer: unknown): void {
  if (optimizer instanceof Optimizer) return;
  throw new TypeError(
    `Cannot make ${owner} as its first argument must be an optimizer: current one is ${
      showArgument(optimizer)
    }`,
  );
}
