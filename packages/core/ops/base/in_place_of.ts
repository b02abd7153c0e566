/** Forms in place of what is made of several ops. */
import { tidySync } from "../../scope.ts";
import type { Tensor } from "../../tensor.ts";
import { checkTarget } from "../../tensor/in_place.ts";

/**
 * Puts `f(x)` in the place of `x`. Where a gradient of it may be wanted, that of `x` or of one of the `others` that it is
 * made from, `f` gets a copy: that gradient may read what is overwritten.
 */
export function inPlaceOf(
  x: Tensor,
  f: (x: Tensor) => Tensor,
  ...others: readonly (Tensor | number)[]
): Tensor {
  const recorded = x.isRecorded || others.some((t) => typeof t !== "number" && t.isRecorded);
  return tidySync(() => x.copy_(f(recorded ? x.clone() : x)));
}

/**
 * {@linkcode inPlaceOf} for an op of several operands, whose result may be larger than `x`.
 *
 * @param name The op, for errors.
 * @throws {RangeError} If the result does not have the shape of `x`.
 */
export function resultInPlaceOf(name: string, x: Tensor, f: (x: Tensor) => Tensor): Tensor {
  return inPlaceOf(x, (start) => {
    const y = f(start);
    checkTarget({ name }, y, x);
    return y;
  });
}
