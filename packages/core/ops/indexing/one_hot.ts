/** Classes as rows of zeros and ones. */
import { INDEX_DTYPE, isFloating } from "../../dtype.ts";
import type { Tensor } from "../../tensor.ts";
import { asIndices } from "../base/indices.ts";
import { called } from "../base/called.ts";
import { checkCall } from "../../tensor/check_call.ts";

/**
 * Rows of 0 with a 1 at the place that each whole number of `x` names: integers [..., numClasses].
 *
 * @param numClasses How many classes there are; one more than the largest number by default, which waits for the device.
 * @throws {RangeError} If a number is no class, where the device can see it.
 */
export function oneHot(x: Tensor, numClasses?: number): Tensor {
  checkCall("oneHot", arguments, "xD");
  if (isFloating(x.dtype)) {
    throw new TypeError(`Cannot apply oneHot() as numbers must be integers: current dtype is ${x.dtype}`);
  }
  if (numClasses !== undefined && numClasses !== -1 && !(Number.isInteger(numClasses) && numClasses > 0)) {
    throw new RangeError(
      `Cannot apply oneHot() as the number of classes must be an integer from 1: current number is ${numClasses}`,
    );
  }
  const given = numClasses === -1 ? undefined : numClasses;
  if (given === undefined && x.numel() === 0) {
    throw new RangeError(
      "Cannot apply oneHot() as the number of classes must be given where there is nothing to tell it",
    );
  }
  return called("oneHot", [x], () => {
    const index = asIndices("oneHot", "numbers", x);
    const classes = given ?? Number(index.amax().item()) + 1;
    if (classes < 1) refuse(classes - 1);
    const rows = x.newZeros([...x.shape, classes], INDEX_DTYPE);
    try {
      return rows.scatter_(x.ndim, index.unsqueeze(x.ndim), 1);
    } catch (error) {
      const outside = error instanceof RangeError && /current index is (-?\d+)/.exec(error.message);
      if (outside) refuse(Number(outside[1]), classes);
      throw error;
    }
  });
}

function refuse(found: number, classes?: number): never {
  throw new RangeError(
    `Cannot apply oneHot() as numbers must be classes from 0${
      classes === undefined ? "" : ` to ${classes - 1}`
    }: ` +
      `current number is ${found}`,
  );
}
