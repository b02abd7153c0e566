/** Assignment to parts of a tensor, as Python's `x[...] = value`. */
import type { Tensor } from "../../tensor.ts";
import { broadcastValue } from "./broadcast_value.ts";
import { type Index, isTensor } from "./index.ts";
import { putAt } from "./index_put.ts";
import { parseIndices } from "./parse.ts";
import { called } from "../base/called.ts";
import { checkCall } from "../../tensor/check_call.ts";

/**
 * Overwrites the part of `x` that `indices` name, as {@linkcode at} takes them, with `value`: `x[indices] = value`. What
 * broadcasts is repeated; of equal positions the last stays. Gradients go to the value and to what is left of `x`. A mask
 * waits for the device only where the value has an element for each true one.
 *
 * @param indices One index, or a list of them; positions of one axis as a list are a list in the list.
 * @param value A number, true or false, or a tensor that broadcasts to the part.
 * @returns `x`.
 *
 * @example A row, and what is negative
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, set, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([[1, -2, 3], [4, 5, -6]], { device });
 * set(x, x.lt(0), 0);
 * assertEquals(x.tolist(), [[1, 0, 3], [4, 5, 0]]);
 * set(x, [0, "1:"], tensor([7, 8], { device }));
 * assertEquals(x.tolist(), [[1, 7, 8], [4, 5, 0]]);
 * set(x, [":", [0, 2]], 9);
 * assertEquals(x.tolist(), [[9, 7, 9], [9, 5, 9]]);
 * ```
 */
export function set(
  x: Tensor,
  indices: Index | readonly Index[],
  value: Tensor | number | boolean,
): Tensor {
  checkCall("set", arguments, "x..");
  if (typeof value === "boolean") return set(x, indices, Number(value));
  if (typeof value !== "number" && !isTensor(value)) {
    throw new TypeError(
      `Cannot apply set() as the value must be a number, true, false or a tensor: current value is ${
        JSON.stringify(value)
      }`,
    );
  }
  return called("set", [x, value], () => {
    const { view, picks } = parseIndices("set", x, asList(indices));
    if (picks.length === 0) {
      if (typeof value === "number") view.fill_(value);
      else view.copy_(broadcastValue("set", value, view.shape));
    } else putAt("set", view, picks, value, false);
    return x;
  });
}

function asList(indices: Index | readonly Index[]): readonly Index[] {
  return Array.isArray(indices) ? indices : [indices as Index];
}
