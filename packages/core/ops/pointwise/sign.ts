/** Signs, fractions and what is infinite, element by element. */
import * as e from "../../expr/expr.ts";
import type { Expr } from "../../expr/expr.ts";
import type { Tensor } from "../../tensor.ts";
import {
  applyBinary,
  applyBinaryInto,
  applyUnary,
  applyUnaryInto,
  binary,
  type BinaryOp,
  elementwise,
  type ElementwiseOp,
  NO_SCALARS,
  unary,
} from "../base/elementwise.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** Whether `x` has a sign: -0 is told from 0 by what 1 is divided by it. */
const negative = (x: Expr): Expr => e.less(e.where(e.equal(x, 0), e.div(1, x), x), 0);

const SIGNBIT: ElementwiseOp = unary("signbit", "bool", negative);
const SGN: ElementwiseOp = unary("sgn", "same", e.sign);
const FRAC: ElementwiseOp = unary("frac", "same", (x) => e.sub(x, e.trunc(x)));
const signed = (x: Expr, y: Expr): Expr => e.where(negative(y), e.neg(e.abs(x)), e.abs(x));
// The slope is what was done to x, and 0 at 0.
const COPYSIGN: BinaryOp = binary(
  "copysign",
  "float",
  signed,
  (x, y) => [e.where(e.equal(x, 0), 0, e.div(signed(x, y), x)), e.constant(0)],
);
const HEAVISIDE: ElementwiseOp = {
  ...elementwise({
    name: "heaviside",
    kind: "same",
    expr: e.where(e.equal(e.input(0), 0), e.input(1), e.less(0, e.input(0))),
  }),
  differentiable: false,
};
const ISPOSINF: ElementwiseOp = unary("isposinf", "bool", (x) => e.equal(x, Infinity));
const ISNEGINF: ElementwiseOp = unary("isneginf", "bool", (x) => e.equal(x, -Infinity));
// Either NaN or equal to itself.
const ISREAL: ElementwiseOp = unary("isreal", "bool", (x) => e.max(e.equal(x, x), e.isNan(x)));
const DEG2RAD: ElementwiseOp = unary("deg2rad", "float", (x) => e.mul(x, Math.PI / 180));
const RAD2DEG: ElementwiseOp = unary("rad2deg", "float", (x) => e.mul(x, 180 / Math.PI));

// Of two equal numbers, and beside NaN, the first is taken.
const FMAX: BinaryOp = binary("fmax", "same", (a, b) => e.where(e.max(e.lessEqual(b, a), e.isNan(b)), a, b));
const FMIN: BinaryOp = binary("fmin", "same", (a, b) => e.where(e.max(e.lessEqual(a, b), e.isNan(b)), a, b));

/** Whether an element is below 0 or -0, as bool; false for NaN. */
export function signbit(x: Tensor): Tensor {
  return applyUnary(SIGNBIT, x, arguments);
}

/** -1, 0 or 1; NaN stays NaN: as `sign`, as there are no complex numbers. */
export function sgn(x: Tensor): Tensor {
  return applyUnary(SGN, x, arguments);
}

/** The part of an element behind the point, with its sign. */
export function frac(x: Tensor): Tensor {
  return applyUnary(FRAC, x, arguments);
}

/** Returns the tensor itself, like `+x`; the dtype must be numeric. */
export function positive(x: Tensor): Tensor {
  checkCall("positive", arguments, "x");
  if (x.dtype === "bool") {
    throw new TypeError("Cannot apply positive() as elements must be numbers: current dtype is bool");
  }
  return x;
}

/** `x` with the sign of `y`, which -0 has too. Integers become float32. Shapes broadcast; one operand may be a number. */
export function copysign(x: Tensor | number, y: Tensor | number): Tensor {
  checkCall("copysign", arguments, "nn");
  return applyBinary(COPYSIGN, x, y);
}

/**
 * 0 below 0, 1 above, and at 0 the element of `values`. It has no gradient. Shapes broadcast.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, heaviside, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([-2, 0, 3], { device });
 * assertEquals(heaviside(x, tensor(0.5, { device })).tolist(), [0, 0.5, 1]);
 * ```
 */
export function heaviside(x: Tensor, values: Tensor): Tensor {
  checkCall("heaviside", arguments, "xx");
  return x.apply(HEAVISIDE, NO_SCALARS, values);
}

/** Whether an element is Infinity, as bool. */
export function isposinf(x: Tensor): Tensor {
  return applyUnary(ISPOSINF, x, arguments);
}

/** Whether an element is -Infinity, as bool. */
export function isneginf(x: Tensor): Tensor {
  return applyUnary(ISNEGINF, x, arguments);
}

/** Whether an element is real, as bool: all are, as there are no complex numbers. */
export function isreal(x: Tensor): Tensor {
  return applyUnary(ISREAL, x, arguments);
}

/** Radians of degrees. Integers become float32. */
export function deg2rad(x: Tensor): Tensor {
  return applyUnary(DEG2RAD, x, arguments);
}

/** Degrees of radians. Integers become float32. */
export function rad2deg(x: Tensor): Tensor {
  return applyUnary(RAD2DEG, x, arguments);
}

/** The larger of two, the number where one is NaN; the slope is that of what is taken, `x` on a tie. Shapes broadcast, types promote; one operand may be a number. */
export function fmax(x: Tensor | number, y: Tensor | number): Tensor {
  checkCall("fmax", arguments, "nn");
  return applyBinary(FMAX, x, y);
}

/** The smaller of two, the number where one is NaN; the slope is that of what is taken, `x` on a tie. Shapes broadcast, types promote; one operand may be a number. */
export function fmin(x: Tensor | number, y: Tensor | number): Tensor {
  checkCall("fmin", arguments, "nn");
  return applyBinary(FMIN, x, y);
}

/** {@linkcode sgn} in the place of `x`. */
export function sgn_(x: Tensor): Tensor {
  return applyUnaryInto(SGN, x, arguments);
}

/** {@linkcode frac} in the place of `x`. */
export function frac_(x: Tensor): Tensor {
  return applyUnaryInto(FRAC, x, arguments);
}

/** {@linkcode copysign} in the place of `x`. */
export function copysign_(x: Tensor, y: Tensor | number): Tensor {
  checkCall("copysign_", arguments, "xn");
  return applyBinaryInto(COPYSIGN, x, y);
}

/** {@linkcode heaviside} in the place of `x`. */
export function heaviside_(x: Tensor, values: Tensor): Tensor {
  checkCall("heaviside_", arguments, "xx");
  return x.applyInto(HEAVISIDE, NO_SCALARS, x, values);
}

/** {@linkcode deg2rad} in the place of `x`. */
export function deg2rad_(x: Tensor): Tensor {
  return applyUnaryInto(DEG2RAD, x, arguments);
}

/** {@linkcode rad2deg} in the place of `x`. */
export function rad2deg_(x: Tensor): Tensor {
  return applyUnaryInto(RAD2DEG, x, arguments);
}
