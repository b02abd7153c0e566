/** Whether tensors hold the same, exactly or nearly. */
import * as e from "../../expr/expr.ts";
import { sameShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { elementwise, type ElementwiseOp } from "../base/elementwise.ts";
import { called } from "../base/called.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

const [X, Y] = [e.input(0), e.input(1)];

// Equal infinities have no difference to compare.
const NEAR: e.Expr = e.max(
  e.equal(X, Y),
  e.mul(
    e.lessEqual(e.abs(e.sub(X, Y)), e.add(e.scalar(1), e.mul(e.scalar(0), e.abs(Y)))),
    e.less(e.abs(Y), Infinity),
  ),
);
const CLOSE: ElementwiseOp = elementwise({ name: "isclose", kind: "bool", expr: NEAR });
const CLOSE_OR_NAN: ElementwiseOp = elementwise({
  name: "isclose",
  kind: "bool",
  expr: e.max(NEAR, e.mul(e.isNan(X), e.isNan(Y))),
});

/** Options of {@linkcode isclose} and {@linkcode allclose}. */
export interface ClosenessOptions {
  /** How far off, relative to `y`; 1e-5 by default. */
  readonly rtol?: number;
  /** How far off beyond that; 1e-8 by default. */
  readonly atol?: number;
  /** Whether NaN is close to NaN; false by default. */
  readonly equalNan?: boolean;
}
const CLOSENESS_OPTIONS: OptionKeys<ClosenessOptions> = { rtol: true, atol: true, equalNan: true };

/** Whether `|x - y| <= atol + rtol * |y|`, element by element, as bool. Shapes broadcast. */
export function isclose(x: Tensor, y: Tensor, options: ClosenessOptions = {}): Tensor {
  checkCall("isclose", arguments, "xx.");
  options = readOptions("isclose()", options, CLOSENESS_OPTIONS);
  const { rtol = 1e-5, atol = 1e-8, equalNan = false } = options;
  return x.apply(equalNan ? CLOSE_OR_NAN : CLOSE, { scalars: [rtol, atol] }, y);
}

/** Whether {@linkcode isclose} holds of all elements. Waits for the device. */
export function allclose(x: Tensor, y: Tensor, options: ClosenessOptions = {}): boolean {
  checkCall("allclose", arguments, "xx.");
  options = readOptions("allclose()", options, CLOSENESS_OPTIONS);
  return called("allclose", [x, y], () => {
    const close = isclose(x, y, options), all = close.all();
    return all.item() !== 0;
  });
}

/** Whether `x` and `y` have one shape and equal elements. Waits for the device. */
export function equal(x: Tensor, y: Tensor): boolean {
  checkCall("equal", arguments, "xx");
  if (!sameShape(x.shape, y.shape)) return false;
  return called("equal", [x, y], () => {
    const same = x.eq(y), all = same.all();
    return all.item() !== 0;
  });
}
