/** Modules within a value that is saved, as data. */
import type { Tensor } from "@troodon/core";
import { encodeArgument } from "./arguments.ts";
import { argumentsOf } from "./constructor_arguments.ts";
import type { ModuleClasses, ModuleRecord, PlacedModule, SavableModule } from "./module_record.ts";

/**
 * A module as data. The same module among the arguments of several is told once.
 *
 * @param library Classes whose `describe()` tells the arguments of their constructors.
 * @throws {TypeError} If its class, or that of a module among its arguments, does not say what it is made with, or has no
 * name.
 */
export async function recordOf(module: SavableModule, library: ModuleClasses): Promise<ModuleRecord> {
  const state = new Set(module.stateDict().values());
  const describer = new Describer(state, new Set(Object.values(library)));
  const { class: name, arguments: values } = await describer.describe(module);
  return {
    class: name,
    arguments: values,
    evaluating: [...module.namedModules()].flatMap(([name, { training }]) => training ? [] : [name]),
    frozen: [...module.namedParameters()].flatMap(([name, { requiresGrad }]) => requiresGrad ? [] : [name]),
  };
}

/** Describes a module and those among its arguments, each once. */
class Describer {
  readonly #known = new Map<SavableModule, number>();

  constructor(readonly state: ReadonlySet<Tensor>, readonly library: ReadonlySet<unknown>) {}

  async describe(module: SavableModule): Promise<Pick<ModuleRecord, "class" | "arguments">> {
    const { name } = module.constructor, { state } = this;
    if (name === "") {
      throw new TypeError(
        "Cannot save a module as its class must have a name: it has none; save its stateDict() instead",
      );
    }
    const context = {
      owner: name,
      state,
      module: (inner: SavableModule): Promise<unknown> => this.#inner(inner),
    };
    const values = await encodeArgument([...argumentsOf(module, this.library)], context);
    return { class: name, arguments: values as unknown[] };
  }

  async #inner(module: SavableModule): Promise<unknown> {
    const number = this.#known.get(module);
    if (number !== undefined) return { $: "same", number };
    this.#known.set(module, this.#known.size);
    return { $: "module", ...await this.describe(module) };
  }
}

/** Returns the JSON text that describes the modules in a file; null if there are none. */
export function architectureText(modules: readonly PlacedModule[]): string | null {
  return modules.length === 0 ? null : JSON.stringify({ version: 1, modules });
}
