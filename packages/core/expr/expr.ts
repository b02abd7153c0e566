/**
 * Builders of scalar expressions, one for each scalar function and a few
 * compositions: used as `import * as e from "../expr/expr.ts"`. All fold
 * constants and drop identities.
 */
import { call, type Expr, type Operand } from "./node.ts";

export * from "./node.ts";

/** a + b */
export function add(a: Operand, b: Operand): Expr {
  return call("add", a, b);
}

/** a - b */
export function sub(a: Operand, b: Operand): Expr {
  return call("sub", a, b);
}

/** a * b */
export function mul(a: Operand, b: Operand): Expr {
  return call("mul", a, b);
}

/** a / b; of integers, truncated. */
export function div(a: Operand, b: Operand): Expr {
  return call("div", a, b);
}

/** The smaller; NaN if either is NaN. */
export function min(a: Operand, b: Operand): Expr {
  return call("min", a, b);
}

/** The larger; NaN if either is NaN. */
export function max(a: Operand, b: Operand): Expr {
  return call("max", a, b);
}

/** a < b */
export function less(a: Operand, b: Operand): Expr {
  return call("less", a, b);
}

/** a <= b */
export function lessEqual(a: Operand, b: Operand): Expr {
  return call("lessEqual", a, b);
}

/** a == b */
export function equal(a: Operand, b: Operand): Expr {
  return call("equal", a, b);
}

/** a != b */
export function notEqual(a: Operand, b: Operand): Expr {
  return call("notEqual", a, b);
}

/** `a` where `condition` is not zero, else `b`. */
export function where(condition: Operand, a: Operand, b: Operand): Expr {
  return call("where", condition, a, b);
}

/** -a */
export function neg(a: Operand): Expr {
  return call("neg", a);
}

/** |a| */
export function abs(a: Operand): Expr {
  return call("abs", a);
}

/** -1, 0 or 1; 0 for NaN, as PyTorch has it. */
export function sign(a: Operand): Expr {
  return call("sign", a);
}

/** Largest integer not above `a`. */
export function floor(a: Operand): Expr {
  return call("floor", a);
}

/** Smallest integer not below `a`. */
export function ceil(a: Operand): Expr {
  return call("ceil", a);
}

/** Nearest integer, the even one of two. */
export function round(a: Operand): Expr {
  return call("round", a);
}

/** `a` without its fraction. */
export function trunc(a: Operand): Expr {
  return call("trunc", a);
}

/** Square root. */
export function sqrt(a: Operand): Expr {
  return call("sqrt", a);
}

/** 1 / sqrt(a) */
export function rsqrt(a: Operand): Expr {
  return call("rsqrt", a);
}

/** 1 / a */
export function reciprocal(a: Operand): Expr {
  return call("reciprocal", a);
}

/** e to the `a`. */
export function exp(a: Operand): Expr {
  return call("exp", a);
}

/** 2 to the `a`. */
export function exp2(a: Operand): Expr {
  return call("exp2", a);
}

/** exp(a) - 1, precise for small `a`. */
export function expm1(a: Operand): Expr {
  return call("expm1", a);
}

/** Natural logarithm. */
export function log(a: Operand): Expr {
  return call("log", a);
}

/** Logarithm to base 2. */
export function log2(a: Operand): Expr {
  return call("log2", a);
}

/** Logarithm to base 10. */
export function log10(a: Operand): Expr {
  return call("log10", a);
}

/** log(1 + a), precise for small `a`. */
export function log1p(a: Operand): Expr {
  return call("log1p", a);
}

/** Sine. */
export function sin(a: Operand): Expr {
  return call("sin", a);
}

/** Cosine. */
export function cos(a: Operand): Expr {
  return call("cos", a);
}

/** Tangent. */
export function tan(a: Operand): Expr {
  return call("tan", a);
}

/** Inverse sine. */
export function asin(a: Operand): Expr {
  return call("asin", a);
}

/** Inverse cosine. */
export function acos(a: Operand): Expr {
  return call("acos", a);
}

/** Inverse tangent. */
export function atan(a: Operand): Expr {
  return call("atan", a);
}

/** The angle of the point (b, a), in [-pi, pi]. */
export function atan2(a: Operand, b: Operand): Expr {
  return call("atan2", a, b);
}

/** Hyperbolic sine. */
export function sinh(a: Operand): Expr {
  return call("sinh", a);
}

/** Hyperbolic cosine. */
export function cosh(a: Operand): Expr {
  return call("cosh", a);
}

/** Hyperbolic tangent. */
export function tanh(a: Operand): Expr {
  return call("tanh", a);
}

/** Inverse hyperbolic sine. */
export function asinh(a: Operand): Expr {
  return call("asinh", a);
}

/** Inverse hyperbolic cosine. */
export function acosh(a: Operand): Expr {
  return call("acosh", a);
}

/** Inverse hyperbolic tangent. */
export function atanh(a: Operand): Expr {
  return call("atanh", a);
}

/** 1 / (1 + exp(-a)), without overflow. */
export function sigmoid(a: Operand): Expr {
  return call("sigmoid", a);
}

/** log(1 + exp(a)), without overflow. */
export function softplus(a: Operand): Expr {
  return call("softplus", a);
}

/** Error function. */
export function erf(a: Operand): Expr {
  return call("erf", a);
}

/** 1 - erf(a), precise for large `a`. */
export function erfc(a: Operand): Expr {
  return call("erfc", a);
}

/** `a` to the `b`. */
export function pow(a: Operand, b: Operand): Expr {
  return call("pow", a, b);
}

/** sqrt(a * a + b * b), without overflow. */
export function hypot(a: Operand, b: Operand): Expr {
  return call("hypot", a, b);
}

/** log(exp(a) + exp(b)), without overflow. */
export function logaddexp(a: Operand, b: Operand): Expr {
  return call("logaddexp", a, b);
}

/** Remainder of a / b with the sign of `a`. */
export function fmod(a: Operand, b: Operand): Expr {
  return call("fmod", a, b);
}

/** Remainder of a / b with the sign of `b`, as in Python. */
export function remainder(a: Operand, b: Operand): Expr {
  return call("remainder", a, b);
}

/** floor(a / b) */
export function floorDiv(a: Operand, b: Operand): Expr {
  return call("floorDiv", a, b);
}

/** Whether `a` is NaN. */
export function isNan(a: Operand): Expr {
  return call("isNan", a);
}

/** Bits of both; int32 only. */
export function and(a: Operand, b: Operand): Expr {
  return call("and", a, b);
}

/** Bits of either; int32 only. */
export function or(a: Operand, b: Operand): Expr {
  return call("or", a, b);
}

/** Bits of one but not the other; int32 only. */
export function xor(a: Operand, b: Operand): Expr {
  return call("xor", a, b);
}

/** All bits turned over; int32 only. */
export function not(a: Operand): Expr {
  return call("not", a);
}

/** `a` shifted left by `b` bits; int32 only. */
export function shiftLeft(a: Operand, b: Operand): Expr {
  return call("shiftLeft", a, b);
}

/** `a` shifted right by `b` bits, keeping its sign; int32 only. */
export function shiftRight(a: Operand, b: Operand): Expr {
  return call("shiftRight", a, b);
}

/** a > b */
export function greater(a: Operand, b: Operand): Expr {
  return less(b, a);
}

/** a >= b */
export function greaterEqual(a: Operand, b: Operand): Expr {
  return lessEqual(b, a);
}

/** a * a */
export function square(a: Operand): Expr {
  return mul(a, a);
}
