/** Refusing what is no module where one belongs, as programs do that nobody type-checks. */
import { showOperand } from "@troodon/core/kernel";
import { ModuleTree } from "./module_tree.ts";

/**
 * Refuses what is no module as an argument of the function `name`.
 *
 * @throws {TypeError} That shows the argument.
 */
export function checkModule(name: string, module: unknown): void {
  if (module instanceof ModuleTree) return;
  throw new TypeError(
    `Cannot apply ${name}() as there must be a module: current one is ${showOperand(module)}`,
  );
}
