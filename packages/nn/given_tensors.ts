/** Tensors that options may have. */
import type { Tensor } from "@troodon/core";

/** The tensors of these that are there: what options of losses are that were given. */
export function given(tensors: Readonly<Record<string, Tensor | null>>): Readonly<Record<string, Tensor>> {
  return Object.fromEntries(
    Object.entries(tensors).filter((entry): entry is [string, Tensor] => entry[1] !== null),
  );
}
