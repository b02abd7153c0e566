/** Errors for indices that are out of range. */
import type { Shape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import type { Picked } from "./positions.ts";

/**
 * Runs `f`, which picks or puts by `indices`. A position outside, which a kernel sees and names as the kernel knows it,
 * is named by its axis.
 */
export function namingAxes<T>(
  op: string,
  shape: Shape,
  picked: readonly Picked[],
  indices: readonly Tensor[],
  f: () => T,
): T {
  try {
    return f();
  } catch (error) {
    if (error instanceof RangeError && error.message.includes("indices must be integers in [0, ")) {
      picked.forEach(({ axis, axes }, i) => {
        if (axes === 1) checkPositions(op, indices[i]!, axis, shape[axis]!);
      });
    }
    throw error;
  }
}

/** Throws a RangeError that names the first position outside of `axis`. */
function checkPositions(op: string, index: Tensor, axis: number, extent: number): void {
  for (const at of index.dataSync({ bigint: true })) {
    if (at >= -extent && at < extent) continue;
    throw new RangeError(
      `Cannot apply ${op}() as indices of axis ${axis} must be integers from ${-extent} to ${extent - 1}: ` +
        `current index is ${at}`,
    );
  }
}
