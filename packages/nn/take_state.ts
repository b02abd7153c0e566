/** Modules that take the tensors of a state as their own. */
import type { Tensor } from "@troodon/core";
import type { AnyModule } from "./module.ts";
import { placesIn } from "./places.ts";
import { compareState } from "./state_dict.ts";

/** Does what `Module.takeState` says. */
export function takeState(module: AnyModule, state: ReadonlyMap<string, Tensor>): void {
  compareState(module, state, {});
  tie(module, state);
  for (const [name, tensor] of module.stateDict()) {
    const given = state.get(name);
    if (given !== undefined) tensor.setData(given);
  }
}

/** Has the module one tensor wherever the state has one under several names. */
function tie(module: AnyModule, state: ReadonlyMap<string, Tensor>): void {
  const first = new Map<Tensor, Tensor>(), replaced = new Map<Tensor, Tensor>();
  for (const [name, tensor] of module.stateDict()) {
    const given = state.get(name);
    if (given === undefined) continue;
    const kept = first.get(given) ?? tensor;
    first.set(given, kept);
    if (kept !== tensor) replaced.set(tensor, kept);
  }
  for (const [tensor, place] of placesIn(module)) {
    const kept = replaced.get(tensor);
    if (kept !== undefined) place(kept);
  }
  for (const tensor of replaced.keys()) tensor.dispose();
}
