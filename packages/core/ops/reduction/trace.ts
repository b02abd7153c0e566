/** Sums along the diagonal. */
import { showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { called } from "../base/called.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** The sum of the diagonal of a matrix, a scalar. */
export function trace(x: Tensor): Tensor {
  checkCall("trace", arguments, "x");
  if (x.ndim !== 2) {
    throw new RangeError(
      `Cannot apply trace() as the shape must be [m, n]: current shape is ${showShape(x.shape)}`,
    );
  }
  return called("trace", [x], () => x.diagonal().sum());
}
