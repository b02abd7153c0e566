/** Elements that are a given value. */
import * as e from "../../expr/expr.ts";
import type { Tensor } from "../../tensor.ts";
import { elementwise, type ElementwiseOp, NO_SCALARS } from "../base/elementwise.ts";

const [X, Y] = [e.input(0), e.input(1)];
const SAME: ElementwiseOp = elementwise({
  name: "same",
  kind: "bool",
  expr: e.max(e.equal(X, Y), e.mul(e.isNan(X), e.isNan(Y))),
});

/** Where `x` is `value`, which broadcasts, as bool; NaN is NaN. */
export function sameElements(x: Tensor, value: Tensor): Tensor {
  return x.apply(SAME, NO_SCALARS, value);
}
