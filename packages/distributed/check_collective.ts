/** Checks of the arguments of collectives. */
import { type CollectiveOp, type DType, isFloating, type Shape, Tensor } from "@troodon/core";
import { sameShape, showShape } from "@troodon/core/kernel";

const OPS: readonly CollectiveOp[] = ["sum", "mean", "prod", "max", "min"];

/** Throws a TypeError unless `tensor` is a tensor that a collective may write. */
export function checkTensor(call: string, tensor: unknown): asserts tensor is Tensor {
  if (!(tensor instanceof Tensor)) {
    throw new TypeError(`Cannot ${call} as the argument must be a tensor: it is ${typeof tensor}`);
  }
}

/**
 * Throws unless `op` is defined for elements of `dtype`.
 *
 * @throws {TypeError} If the operation is unknown, the mean of whole numbers, or arithmetic on booleans.
 */
export function checkOp(call: string, op: CollectiveOp, dtype: DType): void {
  if (!OPS.includes(op)) {
    throw new TypeError(
      `Cannot ${call} as op must be one of ${OPS.join(", ")}: current op is ${JSON.stringify(op)}`,
    );
  }
  const fits = op === "mean" ? isFloating(dtype) : dtype !== "bool" || op === "max" || op === "min";
  if (!fits) throw new TypeError(`Cannot ${call} with op "${op}" as there is no such operation on ${dtype}`);
}

/** Throws a RangeError unless `root` is the number of a process. */
export function checkRoot(call: string, root: number, size: number): void {
  if (Number.isInteger(root) && root >= 0 && root < size) return;
  throw new RangeError(
    `Cannot ${call} as root must be the number of one of ${size} processes: current root is ${root}`,
  );
}

/** Throws unless `whole` has the dtype of `part` and its shape with an axis of `size` in front. */
export function checkParts(
  call: string,
  whole: Tensor,
  part: Tensor,
  size: number,
  names: readonly string[],
): void {
  const wanted: Shape = [size, ...part.shape];
  if (whole.dtype !== part.dtype) {
    throw new TypeError(
      `Cannot ${call} as ${names[0]} and ${names[1]} must have one dtype: ` +
        `current dtypes are ${whole.dtype} and ${part.dtype}`,
    );
  }
  if (!sameShape(whole.shape, wanted)) {
    throw new RangeError(
      `Cannot ${call} as ${names[0]} must have shape ${showShape(wanted)}: current shape is ${
        showShape(whole.shape)
      }`,
    );
  }
}
