/** Checks before an in-place op: the target can hold the result, and no input overlaps it partially. */
import { type DType, isFloating } from "../dtype.ts";
import type { KernelOp, MutatingOp, TensorSpec } from "../op.ts";
import { overlapOf, overlapsItself } from "../overlap.ts";
import type { Owner } from "../owner.ts";
import { sameShape, showShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";

/** An op that can write to a tensor. */
type WritingOp<P> = KernelOp<P> | MutatingOp<P>;

/** Refuses a target that a result does not fit, or whose elements share places. */
export function checkTarget(op: { readonly name: string }, result: TensorSpec, target: Tensor): void {
  if (!sameShape(result.shape, target.shape)) {
    throw new RangeError(
      `Cannot apply ${op.name}() in place as the result must have the shape of the tensor: ` +
        `current shapes are ${showShape(result.shape)} and ${showShape(target.shape)}`,
    );
  }
  if (kindOf(result.dtype) > kindOf(target.dtype)) {
    throw new TypeError(
      `Cannot apply ${op.name}() in place as ${result.dtype} does not fit into ${target.dtype}`,
    );
  }
  if (overlapsItself(target)) {
    throw new RangeError(
      `Cannot apply ${op.name}() in place as several elements share one place: use clone()`,
    );
  }
}

const kindOf = (dtype: DType): number => dtype === "bool" ? 0 : isFloating(dtype) ? 2 : 1;

/**
 * What a kernel that writes to `target` reads: `inputs`, but for copies of those that might change under its hands. A
 * kernel may read exactly what it writes, but not a shifted window of it.
 *
 * @throws {RangeError} If an input surely has elements in other places of the target.
 */
export function inputsApart<P>(
  op: WritingOp<P>,
  inputs: readonly Tensor[],
  target: Tensor,
  scope: Owner | null,
): readonly Tensor[] {
  let apart: Tensor[] | null = null;
  try {
    for (let i = 0; i < inputs.length; i++) {
      const x = inputs[i]!;
      if (x.storage !== target.storage || (op.mutates && i === 0)) continue;
      const overlap = overlapOf(x, target);
      if (overlap === "none" || (overlap === "same" && !op.mutates)) continue;
      if (overlap !== "unknown") {
        throw new RangeError(
          `Cannot apply ${op.name}() in place as input ${i} of shape ${
            showShape(x.shape)
          } lies in the memory that the ` +
            `result is written to: clone() it before`,
        );
      }
      apart ??= [...inputs];
      apart[i] = x.packedCopy(scope);
    }
  } catch (error) {
    apart?.forEach((t, j) => t === inputs[j] || t.dispose());
    throw error;
  }
  return apart ?? inputs;
}
