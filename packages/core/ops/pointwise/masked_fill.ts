/** Elements overwritten where a mask is true. */
import { isFloating } from "../../dtype.ts";
import * as e from "../../expr/expr.ts";
import { tidySync } from "../../scope.ts";
import { broadcastShapes, showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { elementwise, type ElementwiseOp, NO_SCALARS } from "../base/elementwise.ts";
import { called } from "../base/called.ts";
import { checkCall } from "../../tensor/check_call.ts";

const [X, MASK, VALUE] = [e.input(0), e.input(1), e.input(2)];

/** The masked fill op: the number is cast to the dtype of the tensor. */
const MASKED_FILL: ElementwiseOp = {
  ...elementwise({ name: "maskedFill", kind: "same", expr: e.where(MASK, e.scalar(0), X) }),
  infer: ([x, mask]) => [{
    shape: broadcastShapes("maskedFill", x!.shape, mask!.shape),
    dtype: x!.dtype,
  }],
};

/** x, a mask and values to the values where the mask is true. */
export const MASKED_PUT: ElementwiseOp = elementwise({
  name: "maskedFill",
  kind: "same",
  expr: e.where(MASK, VALUE, X),
});

/** Refuses what is no mask: bool, or uint8 as older programs have it. */
export function checkMask(op: string, mask: Tensor): void {
  if (mask.dtype !== "bool" && mask.dtype !== "uint8") {
    throw new TypeError(
      `Cannot apply ${op}() as the mask must be bool: current dtype is ${mask.dtype}, convert it with .to("bool")`,
    );
  }
}

/** The number as an element of `x`. */
const converted = (x: Tensor, value: number): number =>
  isFloating(x.dtype) ? value : x.dtype === "bool" ? Number(value !== 0) : Math.trunc(value);

/**
 * `x` with `value` wherever `mask`, which broadcasts, is true.
 *
 * @param mask bool (or uint8, tested against 0).
 * @param value A number, or a tensor of one element without axes.
 */
export function maskedFill(x: Tensor, mask: Tensor, value: Tensor | number): Tensor {
  checkCall("maskedFill", arguments, "xxn");
  checkMask("maskedFill", mask);
  if (typeof value !== "number") {
    return called(
      "maskedFill",
      [x, mask, value],
      () => x.apply(MASKED_PUT, NO_SCALARS, mask, filling("maskedFill", x, value)),
    );
  }
  return x.apply(MASKED_FILL, { scalars: [converted(x, value)] }, mask);
}

/** {@linkcode maskedFill} in the place of `x`. */
export function maskedFill_(x: Tensor, mask: Tensor, value: Tensor | number): Tensor {
  checkCall("maskedFill_", arguments, "xxn");
  checkMask("maskedFill_", mask);
  if (typeof value !== "number") {
    return tidySync(() => x.applyInto(MASKED_PUT, NO_SCALARS, x, mask, filling("maskedFill_", x, value)));
  }
  return x.applyInto(MASKED_FILL, { scalars: [converted(x, value)] }, x, mask);
}

/** A value without axes, as an element of `x`. */
export function filling(op: string, x: Tensor, value: Tensor): Tensor {
  if (value.ndim > 0) {
    throw new RangeError(
      `Cannot apply ${op}() as the value must be a number or a tensor without axes: current shape is ${
        showShape(value.shape)
      }`,
    );
  }
  return value.to(x.dtype);
}
