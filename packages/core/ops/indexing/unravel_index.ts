/** Positions by number, as positions along axes. */
import { INDEX_DTYPE } from "../../dtype.ts";
import { checkShape, type Shape, sizeOf } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { asIndices } from "../base/indices.ts";
import { called } from "../base/called.ts";
import { checkCall } from "../../tensor/check_call.ts";

/**
 * Converts `indices`, which number the elements of `shape` in row-major order, to positions (int64) along
 * each axis, as `at()` takes them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor, unravelIndex } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const [rows, columns] = unravelIndex(tensor([4, 0], { device, dtype: "int32" }), [2, 3]);
 * assertEquals([rows!.tolist(), columns!.tolist()], [[1, 0], [1, 0]]);
 * ```
 */
export function unravelIndex(indices: Tensor, shape: Shape): Tensor[] {
  checkCall("unravelIndex", arguments, "xs");
  checkShape("unravelIndex", shape);
  return called("unravelIndex", [indices], () => {
    const whole = asIndices("unravelIndex", "indices", indices).to(INDEX_DTYPE);
    return shape.map((extent, axis) => whole.floorDivide(sizeOf(shape.slice(axis + 1))).remainder(extent));
  });
}
