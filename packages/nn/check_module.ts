/** Refusing what is no module where one belongs, as programs do that nobody type-checks. */
import { Tensor } from "@troodon/core";
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

/**
 * Refuses what is no module as the member `name` of a container.
 *
 * @param container The class of the container.
 * @throws {TypeError} That names the member and shows what is there.
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

/** Refuses a list or record of members that is none: "modules" or "parameters" of the container. */
export function checkMembers(container: string, what: string, members: unknown, isIterable = true): void {
  const isObject = typeof members === "object" && members !== null && !(members instanceof Tensor);
  if (isObject && (!isIterable || Symbol.iterator in members)) return;
  throw new TypeError(
    `Cannot make ${container} as ${what} must be ${
      isIterable ? "a list" : "an object or pairs of name and value"
    }: current ones are ${showOperand(members)}`,
  );
}
