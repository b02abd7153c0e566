/** Refusing what is no optimizer, as programs give it that nobody type-checks. */
import { showArgument } from "@troodon/core/kernel";
import { Optimizer } from "../optimizer.ts";

/**
 * Refuses what the scheduler `owner` cannot set learning rates of.
 *
 * @throws {TypeError} That shows the argument.
 */
export function checkOptimizer(owner: string, optimizer: unknown): void {
  if (optimizer instanceof Optimizer) return;
  throw new TypeError(
    `Cannot make ${owner} as its first argument must be an optimizer: current one is ${
      showArgument(optimizer)
    }`,
  );
}
