/** Arguments that a module was constructed with. */
import type { SavableModule } from "./module_record.ts";

/**
 * The arguments that make a module again: none if the constructor of its class takes none, else what `describe()` of that
 * class says.
 *
 * @param library Classes whose `describe()` tells the arguments of their constructors.
 * @throws {TypeError} If its class has a constructor that takes arguments, and no `describe()`.
 */
export function argumentsOf(module: SavableModule, library: ReadonlySet<unknown>): readonly unknown[] {
  let prototype: unknown = Object.getPrototypeOf(module);
  while (typeof prototype === "object" && prototype !== null && prototype !== Object.prototype) {
    const { constructor } = prototype;
    if (library.has(constructor) || Object.hasOwn(prototype, "describe")) return module.describe();
    const parameters = parametersOf(constructor);
    if (parameters === "") return [];
    if (parameters !== null) {
      const { name } = constructor;
      throw new TypeError(
        `Cannot save ${name} as its constructor takes arguments (${parameters}): give it a method that returns them, ` +
          `describe() { return [...]; }, or save its stateDict()`,
      );
    }
    prototype = Object.getPrototypeOf(prototype);
  }
  return module.describe();
}

/** The parameters of the constructor of a class, which nothing but its text tells; null if it has none of its own. */
function parametersOf(constructor: { toString(): string }): string | null {
  const text = constructor.toString().match(/(?:^|[{};\n])\s*constructor\s*\(([^)]*)/)?.[1];
  return text === undefined ? null : text.trim().replaceAll(/\s+/g, " ");
}
