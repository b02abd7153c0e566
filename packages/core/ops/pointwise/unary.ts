/** Functions of one number, element by element. */
import { INDEX_DTYPE } from "../../dtype.ts";
import * as e from "../../expr/expr.ts";
import type { Tensor } from "../../tensor.ts";
import { applyUnary, applyUnaryInto, type ElementwiseOp, NO_SCALARS, unary } from "../base/elementwise.ts";
import { checkCall } from "../../tensor/check_call.ts";

const EXP: ElementwiseOp = unary("exp", "float", e.exp);
const EXP2: ElementwiseOp = unary("exp2", "float", e.exp2);
const EXPM1: ElementwiseOp = unary("expm1", "float", e.expm1);
const LOG: ElementwiseOp = unary("log", "float", e.log);
const LOG2: ElementwiseOp = unary("log2", "float", e.log2);
const LOG10: ElementwiseOp = unary("log10", "float", e.log10);
const LOG1P: ElementwiseOp = unary("log1p", "float", e.log1p);
const SQRT: ElementwiseOp = unary("sqrt", "float", e.sqrt);
const RSQRT: ElementwiseOp = unary("rsqrt", "float", e.rsqrt);
const RECIPROCAL: ElementwiseOp = unary("reciprocal", "float", e.reciprocal);
const SIN: ElementwiseOp = unary("sin", "float", e.sin);
const COS: ElementwiseOp = unary("cos", "float", e.cos);
const TAN: ElementwiseOp = unary("tan", "float", e.tan);
const ASIN: ElementwiseOp = unary("asin", "float", e.asin);
const ACOS: ElementwiseOp = unary("acos", "float", e.acos);
const ATAN: ElementwiseOp = unary("atan", "float", e.atan);
const SINH: ElementwiseOp = unary("sinh", "float", e.sinh);
const COSH: ElementwiseOp = unary("cosh", "float", e.cosh);
const TANH: ElementwiseOp = unary("tanh", "float", e.tanh);
const ASINH: ElementwiseOp = unary("asinh", "float", e.asinh);
const ACOSH: ElementwiseOp = unary("acosh", "float", e.acosh);
const ATANH: ElementwiseOp = unary("atanh", "float", e.atanh);
const SIGMOID: ElementwiseOp = unary("sigmoid", "float", e.sigmoid);
const ERF: ElementwiseOp = unary("erf", "float", e.erf);
const ERFC: ElementwiseOp = unary("erfc", "float", e.erfc);
const NEG: ElementwiseOp = unary("neg", "same", e.neg);
const ABS: ElementwiseOp = unary("abs", "same", e.abs);
const SIGN: ElementwiseOp = unary("sign", "same", e.sign);
const FLOOR: ElementwiseOp = unary("floor", "same", e.floor);
const CEIL: ElementwiseOp = unary("ceil", "same", e.ceil);
const ROUND: ElementwiseOp = unary("round", "same", e.round);
const TRUNC: ElementwiseOp = unary("trunc", "same", e.trunc);
const SQUARE: ElementwiseOp = unary("square", "same", e.square);

/** e to the power of each element: `exp(x)`. Integers become float32. */
export function exp(x: Tensor): Tensor {
  return applyUnary(EXP, x, arguments);
}

/** 2 to the power of each element. Integers become float32. */
export function exp2(x: Tensor): Tensor {
  return applyUnary(EXP2, x, arguments);
}

/** `exp(x) - 1`, exact near 0. Integers become float32. */
export function expm1(x: Tensor): Tensor {
  return applyUnary(EXPM1, x, arguments);
}

/** Natural logarithm; NaN below 0, -Infinity at 0. Integers become float32. */
export function log(x: Tensor): Tensor {
  return applyUnary(LOG, x, arguments);
}

/** Logarithm to base 2. Integers become float32. */
export function log2(x: Tensor): Tensor {
  return applyUnary(LOG2, x, arguments);
}

/** Logarithm to base 10. Integers become float32. */
export function log10(x: Tensor): Tensor {
  return applyUnary(LOG10, x, arguments);
}

/** `log(1 + x)`, exact near 0. Integers become float32. */
export function log1p(x: Tensor): Tensor {
  return applyUnary(LOG1P, x, arguments);
}

/** Square root; NaN below 0. Integers become float32. */
export function sqrt(x: Tensor): Tensor {
  return applyUnary(SQRT, x, arguments);
}

/** `1 / sqrt(x)`. Integers become float32. */
export function rsqrt(x: Tensor): Tensor {
  return applyUnary(RSQRT, x, arguments);
}

/** `1 / x`. Integers become float32. */
export function reciprocal(x: Tensor): Tensor {
  return applyUnary(RECIPROCAL, x, arguments);
}

/** Sine of radians. Integers become float32. */
export function sin(x: Tensor): Tensor {
  return applyUnary(SIN, x, arguments);
}

/** Cosine of radians. Integers become float32. */
export function cos(x: Tensor): Tensor {
  return applyUnary(COS, x, arguments);
}

/** Tangent of radians. Integers become float32. */
export function tan(x: Tensor): Tensor {
  return applyUnary(TAN, x, arguments);
}

/** Inverse sine, in radians; NaN outside [-1, 1]. Integers become float32. */
export function asin(x: Tensor): Tensor {
  return applyUnary(ASIN, x, arguments);
}

/** Inverse cosine, in radians; NaN outside [-1, 1]. Integers become float32. */
export function acos(x: Tensor): Tensor {
  return applyUnary(ACOS, x, arguments);
}

/** Inverse tangent, in radians. Integers become float32. */
export function atan(x: Tensor): Tensor {
  return applyUnary(ATAN, x, arguments);
}

/** Hyperbolic sine. Integers become float32. */
export function sinh(x: Tensor): Tensor {
  return applyUnary(SINH, x, arguments);
}

/** Hyperbolic cosine. Integers become float32. */
export function cosh(x: Tensor): Tensor {
  return applyUnary(COSH, x, arguments);
}

/** Hyperbolic tangent. Integers become float32. */
export function tanh(x: Tensor): Tensor {
  return applyUnary(TANH, x, arguments);
}

/** Inverse hyperbolic sine. Integers become float32. */
export function asinh(x: Tensor): Tensor {
  return applyUnary(ASINH, x, arguments);
}

/** Inverse hyperbolic cosine; NaN below 1. Integers become float32. */
export function acosh(x: Tensor): Tensor {
  return applyUnary(ACOSH, x, arguments);
}

/** Inverse hyperbolic tangent; NaN outside [-1, 1]. Integers become float32. */
export function atanh(x: Tensor): Tensor {
  return applyUnary(ATANH, x, arguments);
}

/** `1 / (1 + exp(-x))`. Integers become float32. */
export function sigmoid(x: Tensor): Tensor {
  return applyUnary(SIGMOID, x, arguments);
}

/** Error function. Integers become float32. */
export function erf(x: Tensor): Tensor {
  return applyUnary(ERF, x, arguments);
}

/** `1 - erf(x)`, exact where that is small. Integers become float32. */
export function erfc(x: Tensor): Tensor {
  return applyUnary(ERFC, x, arguments);
}

/** `-x`. */
export function neg(x: Tensor): Tensor {
  checkCall("neg", arguments, "x");
  if (x.dtype === "bool") {
    throw new TypeError(
      "Cannot apply neg() as bool has no negative: current dtype is bool, use logicalNot(), or convert it",
    );
  }
  return x.apply(NEG, NO_SCALARS);
}

/** Absolute value; its slope at 0 is 0. */
export function abs(x: Tensor): Tensor {
  return applyUnary(ABS, x, arguments);
}

/** -1, 0 or 1; 0 for NaN. */
export function sign(x: Tensor): Tensor {
  return applyUnary(SIGN, x, arguments);
}

/** Largest integer not above x. */
export function floor(x: Tensor): Tensor {
  return applyUnary(FLOOR, x, arguments);
}

/** Smallest integer not below x. */
export function ceil(x: Tensor): Tensor {
  return applyUnary(CEIL, x, arguments);
}

/** Nearest integer, halves to the even one. */
export function round(x: Tensor): Tensor {
  return applyUnary(ROUND, x, arguments);
}

/** Integer part, toward 0. */
export function trunc(x: Tensor): Tensor {
  return applyUnary(TRUNC, x, arguments);
}

/** `x * x`. */
export function square(x: Tensor): Tensor {
  // Same as x ** 2: 0 and 1 are their own squares.
  if (x?.dtype === "bool") return x.to(INDEX_DTYPE);
  return applyUnary(SQUARE, x, arguments);
}

/** {@linkcode exp} in the place of `x`. */
export function exp_(x: Tensor): Tensor {
  return applyUnaryInto(EXP, x, arguments);
}

/** {@linkcode sqrt} in the place of `x`. */
export function sqrt_(x: Tensor): Tensor {
  return applyUnaryInto(SQRT, x, arguments);
}

/** {@linkcode reciprocal} in the place of `x`. */
export function reciprocal_(x: Tensor): Tensor {
  return applyUnaryInto(RECIPROCAL, x, arguments);
}

/** {@linkcode tanh} in the place of `x`. */
export function tanh_(x: Tensor): Tensor {
  return applyUnaryInto(TANH, x, arguments);
}

/** {@linkcode sigmoid} in the place of `x`. */
export function sigmoid_(x: Tensor): Tensor {
  return applyUnaryInto(SIGMOID, x, arguments);
}

/** {@linkcode neg} in the place of `x`. */
export function neg_(x: Tensor): Tensor {
  return applyUnaryInto(NEG, x, arguments);
}

/** {@linkcode abs} in the place of `x`. */
export function abs_(x: Tensor): Tensor {
  return applyUnaryInto(ABS, x, arguments);
}

/** {@linkcode floor} in the place of `x`. */
export function floor_(x: Tensor): Tensor {
  return applyUnaryInto(FLOOR, x, arguments);
}

/** {@linkcode ceil} in the place of `x`. */
export function ceil_(x: Tensor): Tensor {
  return applyUnaryInto(CEIL, x, arguments);
}

/** {@linkcode round} in the place of `x`. */
export function round_(x: Tensor): Tensor {
  return applyUnaryInto(ROUND, x, arguments);
}

/** {@linkcode square} in the place of `x`. */
export function square_(x: Tensor): Tensor {
  return applyUnaryInto(SQUARE, x, arguments);
}

/** {@linkcode log} in the place of `x`. */
export function log_(x: Tensor): Tensor {
  return applyUnaryInto(LOG, x, arguments);
}

/** {@linkcode sin} in the place of `x`. */
export function sin_(x: Tensor): Tensor {
  return applyUnaryInto(SIN, x, arguments);
}

/** {@linkcode cos} in the place of `x`. */
export function cos_(x: Tensor): Tensor {
  return applyUnaryInto(COS, x, arguments);
}

/** {@linkcode rsqrt} in the place of `x`. */
export function rsqrt_(x: Tensor): Tensor {
  return applyUnaryInto(RSQRT, x, arguments);
}

/** {@linkcode trunc} in the place of `x`. */
export function trunc_(x: Tensor): Tensor {
  return applyUnaryInto(TRUNC, x, arguments);
}

/** {@linkcode sign} in the place of `x`. */
export function sign_(x: Tensor): Tensor {
  return applyUnaryInto(SIGN, x, arguments);
}

/** {@linkcode erf} in the place of `x`. */
export function erf_(x: Tensor): Tensor {
  return applyUnaryInto(ERF, x, arguments);
}
