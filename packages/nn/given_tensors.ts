/** Tensors that options may have. */
import type { Tensor } from "@troodon/core";
import type { ModuleTree } from "./module_tree.ts";

/** The tensors of these that are there: what options of losses are that were given. */
export function given(tensors: Readonly<Record<string, Tensor | null>>): Readonly<Record<string, Tensor>> {
  return Object.fromEntries(
    Object.entries(tensors).filter((entry): entry is [string, Tensor] => entry[1] !== null),
  );
}

/**
 * Registers the fields that hold a tensor as buffers, as PyTorch does: they move with the module and are part
 * of its state.
 */
export function keepGiven<M extends ModuleTree>(module: M, ...fields: readonly (keyof M & string)[]): void {
  for (const field of fields) if (module[field] !== null) module.registerBuffer(field);
}
