/** Functions of one number, element by element. */
import { INDEX_DTYPE } from "../../dtype.ts";
import * as e from "../../expr/expr.ts";
import type { Tensor } from "../../tensor.ts";
import { type ElementwiseOp, NO_SCALARS, unary } from "../base/elementwise.ts";

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
  return x.apply(EXP, NO_SCALARS);
}

/** 2 to the power of each element. Integers become float32. */
export function exp2(x: Tensor): Tensor {
  return x.apply(EXP2, NO_SCALARS);
}

/** `exp(x) - 1`, exact near 0. Integers become float32. */
export function expm1(x: Tensor): Tensor {
  return x.apply(EXPM1, NO_SCALARS);
}

/** Natural logarithm; NaN below 0, -Infinity at 0. Integers become float32. */
export function log(x: Tensor): Tensor {
  return x.apply(LOG, NO_SCALARS);
}

/** Logarithm to base 2. Integers become float32. */
export function log2(x: Tensor): Tensor {
  return x.apply(LOG2, NO_SCALARS);
}

/** Logarithm to base 10. Integers become float32. */
export function log10(x: Tensor): Tensor {
  return x.apply(LOG10, NO_SCALARS);
}

/** `log(1 + x)`, exact near 0. Integers become float32. */
export function log1p(x: Tensor): Tensor {
  return x.apply(LOG1P, NO_SCALARS);
}

/** Square root; NaN below 0. Integers become float32. */
export function sqrt(x: Tensor): Tensor {
  return x.apply(SQRT, NO_SCALARS);
}

/** `1 / sqrt(x)`. Integers become float32. */
export function rsqrt(x: Tensor): Tensor {
  return x.apply(RSQRT, NO_SCALARS);
}

/** `1 / x`. Integers become float32. */
export function reciprocal(x: Tensor): Tensor {
  return x.apply(RECIPROCAL, NO_SCALARS);
}

/** Sine of radians. Integers become float32. */
export function sin(x: Tensor): Tensor {
  return x.apply(SIN, NO_SCALARS);
}

/** Cosine of radians. Integers become float32. */
export function cos(x: Tensor): Tensor {
  return x.apply(COS, NO_SCALARS);
}

/** Tangent of radians. Integers become float32. */
export function tan(x: Tensor): Tensor {
  return x.apply(TAN, NO_SCALARS);
}

/** Inverse sine, in radians; NaN outside [-1, 1]. Integers become float32. */
export function asin(x: Tensor): Tensor {
  return x.apply(ASIN, NO_SCALARS);
}

/** Inverse cosine, in radians; NaN outside [-1, 1]. Integers become float32. */
export function acos(x: Tensor): Tensor {
  return x.apply(ACOS, NO_SCALARS);
}

/** Inverse tangent, in radians. Integers become float32. */
export function atan(x: Tensor): Tensor {
  return x.apply(ATAN, NO_SCALARS);
}

/** Hyperbolic sine. Integers become float32. */
export function sinh(x: Tensor): Tensor {
  return x.apply(SINH, NO_SCALARS);
}

/** Hyperbolic cosine. Integers become float32. */
export function cosh(x: Tensor): Tensor {
  return x.apply(COSH, NO_SCALARS);
}

/** Hyperbolic tangent. Integers become float32. */
export function tanh(x: Tensor): Tensor {
  return x.apply(TANH, NO_SCALARS);
}

/** Inverse hyperbolic sine. Integers become float32. */
export function asinh(x: Tensor): Tensor {
  return x.apply(ASINH, NO_SCALARS);
}

/** Inverse hyperbolic cosine; NaN below 1. Integers become float32. */
export function acosh(x: Tensor): Tensor {
  return x.apply(ACOSH, NO_SCALARS);
}

/** Inverse hyperbolic tangent; NaN outside [-1, 1]. Integers become float32. */
export function atanh(x: Tensor): Tensor {
  return x.apply(ATANH, NO_SCALARS);
}

/** `1 / (1 + exp(-x))`. Integers become float32. */
export function sigmoid(x: Tensor): Tensor {
  return x.apply(SIGMOID, NO_SCALARS);
}

/** Error function. Integers become float32. */
export function erf(x: Tensor): Tensor {
  return x.apply(ERF, NO_SCALARS);
}

/** `1 - erf(x)`, exact where that is small. Integers become float32. */
export function erfc(x: Tensor): Tensor {
  return x.apply(ERFC, NO_SCALARS);
}

/** `-x`. */
export function neg(x: Tensor): Tensor {
  if (x.dtype === "bool") {
    throw new TypeError(
      "Cannot apply neg() as bool has no negative: current dtype is bool, use logicalNot(), or convert it",
    );
  }
  return x.apply(NEG, NO_SCALARS);
}

/** Absolute value; its slope at 0 is 0. */
export function abs(x: Tensor): Tensor {
  return x.apply(ABS, NO_SCALARS);
}

/** -1, 0 or 1; 0 for NaN. */
export function sign(x: Tensor): Tensor {
  return x.apply(SIGN, NO_SCALARS);
}

/** Largest integer not above x. */
export function floor(x: Tensor): Tensor {
  return x.apply(FLOOR, NO_SCALARS);
}

/** Smallest integer not below x. */
export function ceil(x: Tensor): Tensor {
  return x.apply(CEIL, NO_SCALARS);
}

/** Nearest integer, halves to the even one. */
export function round(x: Tensor): Tensor {
  return x.apply(ROUND, NO_SCALARS);
}

/** Integer part, towards 0. */
export function trunc(x: Tensor): Tensor {
  return x.apply(TRUNC, NO_SCALARS);
}

/** `x * x`. */
export function square(x: Tensor): Tensor {
  // As x ** 2, and 0 and 1 are their own squares.
  return x.dtype === "bool" ? x.to(INDEX_DTYPE) : x.apply(SQUARE, NO_SCALARS);
}

/** {@linkcode exp} in the place of `x`. */
export function exp_(x: Tensor): Tensor {
  return x.applyInto(EXP, NO_SCALARS, x);
}

/** {@linkcode sqrt} in the place of `x`. */
export function sqrt_(x: Tensor): Tensor {
  return x.applyInto(SQRT, NO_SCALARS, x);
}

/** {@linkcode reciprocal} in the place of `x`. */
export function reciprocal_(x: Tensor): Tensor {
  return x.applyInto(RECIPROCAL, NO_SCALARS, x);
}

/** {@linkcode tanh} in the place of `x`. */
export function tanh_(x: Tensor): Tensor {
  return x.applyInto(TANH, NO_SCALARS, x);
}

/** {@linkcode sigmoid} in the place of `x`. */
export function sigmoid_(x: Tensor): Tensor {
  return x.applyInto(SIGMOID, NO_SCALARS, x);
}

/** {@linkcode neg} in the place of `x`. */
export function neg_(x: Tensor): Tensor {
  return x.applyInto(NEG, NO_SCALARS, x);
}

/** {@linkcode abs} in the place of `x`. */
export function abs_(x: Tensor): Tensor {
  return x.applyInto(ABS, NO_SCALARS, x);
}

/** {@linkcode floor} in the place of `x`. */
export function floor_(x: Tensor): Tensor {
  return x.applyInto(FLOOR, NO_SCALARS, x);
}

/** {@linkcode ceil} in the place of `x`. */
export function ceil_(x: Tensor): Tensor {
  return x.applyInto(CEIL, NO_SCALARS, x);
}

/** {@linkcode round} in the place of `x`. */
export function round_(x: Tensor): Tensor {
  return x.applyInto(ROUND, NO_SCALARS, x);
}

/** {@linkcode square} in the place of `x`. */
export function square_(x: Tensor): Tensor {
  return x.applyInto(SQUARE, NO_SCALARS, x);
}

/** {@linkcode log} in the place of `x`. */
export function log_(x: Tensor): Tensor {
  return x.applyInto(LOG, NO_SCALARS, x);
}

/** {@linkcode sin} in the place of `x`. */
export function sin_(x: Tensor): Tensor {
  return x.applyInto(SIN, NO_SCALARS, x);
}

/** {@linkcode cos} in the place of `x`. */
export function cos_(x: Tensor): Tensor {
  return x.applyInto(COS, NO_SCALARS, x);
}

/** {@linkcode rsqrt} in the place of `x`. */
export function rsqrt_(x: Tensor): Tensor {
  return x.applyInto(RSQRT, NO_SCALARS, x);
}

/** {@linkcode trunc} in the place of `x`. */
export function trunc_(x: Tensor): Tensor {
  return x.applyInto(TRUNC, NO_SCALARS, x);
}

/** {@linkcode sign} in the place of `x`. */
export function sign_(x: Tensor): Tensor {
  return x.applyInto(SIGN, NO_SCALARS, x);
}

/** {@linkcode erf} in the place of `x`. */
export function erf_(x: Tensor): Tensor {
  return x.applyInto(ERF, NO_SCALARS, x);
}
