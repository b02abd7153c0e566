/** Origin of a slot's memory. */
import type { Outside, Trace } from "./trace.ts";

/** Origin of a slot's memory: allocated by the call, an argument, a gradient of a leaf, or fixed memory. */
export type SlotSource =
  | { readonly kind: "own" }
  | { readonly kind: "argument"; readonly index: number }
  | { readonly kind: "grad"; readonly leaf: Outside }
  | { readonly kind: "fixed"; readonly key: object };

/** Returns the origin of a slot of `trace`. */
export function sourceOf(trace: Trace, slot: number): SlotSource {
  const { own, key } = trace.slots[slot]!;
  if (own) return { kind: "own" };
  const index = trace.argumentSlots.indexOf(slot);
  if (index >= 0) return { kind: "argument", index };
  const leaf = trace.leaves.find(({ entry }) => entry !== null && entry.key === key && entry.storage === key);
  return leaf === undefined ? { kind: "fixed", key } : { kind: "grad", leaf: leaf.leaf };
}
