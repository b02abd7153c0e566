/** Runtime checks of modules, for callers that are not type-checked. */
import { Tensor } from "@troodon/core";
import { showOperand } from "@troodon/core/kernel";
import { ModuleTree } from "./module_tree.ts";

/**
 * Checks that an argument of the function `name` is a module.
 *
 * @throws {TypeError} If it is not a module; the message shows the argument.
 */
export function checkModule(name: string, module: unknown): void {
  if (module instanceof ModuleTree) return;
  throw new TypeError(
    `Cannot apply ${name}() as there must be a module: current one is ${showOperand(module)}`,
  );
}

/**
 * Checks that the member `name` of a container is a module.
 *
 * @param container Class name of the container.
 * @throws {TypeError} If it is not a module; the message names the member and shows its value.
 */
export function checkMember(container: string, name: string, member: unknown): void {
  if (member instanceof ModuleTree) return;
  const isClass = typeof member === "function" && member.prototype instanceof ModuleTree;
  const advice = isClass
    ? `, make one by new ${member.name}()`
    : Array.isArray(member)
    ? `, write new ${container}(...modules)`
    : "";
  throw new TypeError(
    `Cannot put "${name}" into a ${container} as it must be a module: current one is ${
      showOperand(member)
    }${advice}`,
  );
}

/** Checks that the members of a container are a list or a record: its "modules" or "parameters". */
export function checkMembers(container: string, what: string, members: unknown, isIterable = true): void {
  const isObject = typeof members === "object" && members !== null && !(members instanceof Tensor);
  if (isObject && (!isIterable || Symbol.iterator in members)) return;
  throw new TypeError(
    `Cannot make ${container} as ${what} must be ${
      isIterable ? "a list" : "an object or pairs of name and value"
    }: current ones are ${showOperand(members)}`,
  );
}
