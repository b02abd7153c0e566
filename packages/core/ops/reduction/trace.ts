/** Sums along the diagonal. */
import { tidySync } from "../../scope.ts";
import { showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";

/** The sum of the diagonal of a matrix, a scalar. */
export function trace(x: Tensor): Tensor {
  if (x.ndim !== 2) {
    throw new RangeError(
      `Cannot apply trace() as the shape must be [m, n]: current shape is ${showShape(x.shape)}`,
    );
  }
  return tidySync(() => x.diagonal().sum());
}
