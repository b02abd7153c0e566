/** Which shapes a loss is given. */
import { broadcastShapes, sameShape, type Shape, showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";

/**
 * Refuses a target of another shape than the prediction, and weights that do not broadcast to that: the loss of
 * `[n, 1]` against `[n]` would be one of n * n pairs.
 */
export function checkTarget(op: string, x: Tensor, target: Tensor, weights: readonly Tensor[] = []): void {
  if (!sameShape(x.shape, target.shape)) {
    throw new RangeError(
      `Cannot apply ${op}() as prediction and target must have one shape: current shapes are ` +
        `${showShape(x.shape)} and ${showShape(target.shape)}${cure(x, target)}`,
    );
  }
  for (const weight of weights) {
    if (!sameShape(broadcastShapes(op, x.shape, weight.shape), x.shape)) {
      throw new RangeError(
        `Cannot apply ${op}() as a weight must broadcast to the shape of the prediction: current shapes are ` +
          `${showShape(weight.shape)} and ${showShape(x.shape)}`,
      );
    }
  }
}

/** The line that gives the target the shape of the prediction, if there is one. */
function cure(x: Tensor, target: Tensor): string {
  const shape = showShape(x.shape);
  if (target.numel() === x.numel()) {
    return `, bring the target to that of the prediction with .reshape(${shape})`;
  }
  return expands(target.shape, x.shape)
    ? `, repeat the target to that of the prediction with .expand(${shape})`
    : "";
}

function expands(from: Shape, to: Shape): boolean {
  const missing = to.length - from.length;
  return missing >= 0 && from.every((extent, i) => extent === 1 || extent === to[missing + i]);
}
