/** The cross product as `torch.cross` has it. */
import { cross as crossAlong } from "../../linalg/products.ts";
import type { Tensor } from "../../tensor.ts";
import { checkCall } from "../../tensor/check_call.ts";

/**
 * The vectors of three elements along `dim` that are perpendicular to those of `a` and `b`; other axes broadcast. Without
 * `dim` the first axis of extent 3 is meant, as in `torch.cross`; `linalg.cross()` takes the last one.
 *
 * @throws {RangeError} If `a` and `b` do not have 3 elements along the axis.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { cross, Device, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * assertEquals(cross(tensor([1, 0, 0], { device }), tensor([0, 1, 0], { device })).tolist(), [0, 0, 1]);
 * ```
 */
export function cross(a: Tensor, b: Tensor, dim?: number): Tensor {
  checkCall("cross", arguments, "xxD");
  return crossAlong(a, b, dim ?? Math.max(0, a.shape.indexOf(3)) - a.ndim);
}
