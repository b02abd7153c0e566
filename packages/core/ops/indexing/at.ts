/** Parts of a tensor as Python's `x[...]` gives them. */
import type { Tensor } from "../../tensor.ts";
import { type AxisPart, positionOf, SELECT } from "../shape/axis_part.ts";
import { namingAxes } from "./errors.ts";
import { INDEX } from "./index_op.ts";
import type { Index } from "./index.ts";
import { parseIndices } from "./parse.ts";
import { pickedOf } from "./positions.ts";
import { called } from "../base/called.ts";
import { checkCall } from "../../tensor/check_call.ts";

/**
 * The part of `x` that `indices` name, as Python's `x[...]`: a number takes one position and drops the axis, a
 * {@linkcode Slice} or a string `"start:end:step"` keeps it, `null` is a new axis, `"..."` stands for all axes that
 * are not named; these give views. A tensor of integers, or a list, picks positions; several of them broadcast together,
 * and what they pick takes the place of their axes, or comes first where these are not adjacent. A tensor of bool picks
 * where it is true, for which the host waits for the device. What is picked is a copy.
 *
 * @param indices One for each of the first axes; a mask counts for as many as it has.
 *
 * @example A row, an element, a column
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { at, Device, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([[1, 2, 3], [4, 5, 6]], { device });
 * assertEquals(at(x, -1).tolist(), [4, 5, 6]);
 * assertEquals(at(x, 0, 2).item(), 3);
 * assertEquals(at(x, {}, { start: 1 }).tolist(), [[2, 3], [5, 6]]);
 * assertEquals(at(x, "...", "::2").tolist(), [[1, 3], [4, 6]]);
 * ```
 *
 * @example Picked by positions and by a mask
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { at, Device, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([[1, 2, 3], [4, 5, 6]], { device });
 * assertEquals(at(x, ":", [2, 0]).tolist(), [[3, 1], [6, 4]]);
 * assertEquals(at(x, [0, 1], [2, 0]).tolist(), [3, 4]);
 * assertEquals(at(x, x.gt(2)).tolist(), [3, 4, 5, 6]);
 * ```
 */
export function at(x: Tensor, ...indices: Index[]): Tensor {
  checkCall("at", arguments, "x*");
  if (indices.length > 0 && indices.length <= x.ndim && indices.every((index) => typeof index === "number")) {
    return x.apply(SELECT, { parts: positionsOf(x, indices) });
  }
  return called("at", [x], () => {
    const { view, picks } = parseIndices("at", x, indices);
    // As Python's x[...], which is another tensor.
    if (picks.length === 0) return view === x ? x.apply(SELECT, { parts: x.shape.map(() => null) }) : view;
    const { picked, indices: positions } = pickedOf("at", picks);
    return namingAxes("at", view.shape, picked, positions, () => view.apply(INDEX, { picked }, ...positions));
  });
}

/** Params that select one position along each of the first axes: a fast path, as indexing by numbers alone is the most common. */
function positionsOf(x: Tensor, indices: readonly number[]): readonly (AxisPart | null)[] {
  return x.shape.map((extent, axis) => {
    const index = indices[axis];
    return index === undefined
      ? null
      : { start: positionOf("at", index, extent, axis), step: 1, count: null };
  });
}
