/** Comparisons and logic, element by element; results are bool and have no gradient. */
import { isFloating } from "../../dtype.ts";
import * as e from "../../expr/expr.ts";
import type { Tensor } from "../../tensor.ts";
import {
  applyBinary,
  applyBinaryInto,
  applyUnary,
  applyUnaryInto,
  binary,
  type BinaryOp,
  type ElementwiseOp,
  NO_SCALARS,
  unary,
} from "../base/elementwise.ts";
import { checkBinary, checkCall } from "../../tensor/check_call.ts";

const EQ: BinaryOp = binary("eq", "bool", e.equal);
const NE: BinaryOp = binary("ne", "bool", e.notEqual);
const LT: BinaryOp = binary("lt", "bool", e.less);
const LE: BinaryOp = binary("le", "bool", e.lessEqual);
const GT: BinaryOp = binary("gt", "bool", e.greater);
const GE: BinaryOp = binary("ge", "bool", e.greaterEqual);

const truth = (a: e.Operand): e.Expr => e.notEqual(a, 0);
const LOGICAL_AND: BinaryOp = binary("logicalAnd", "bool", (a, b) => e.mul(truth(a), truth(b)));
const LOGICAL_OR: BinaryOp = binary("logicalOr", "bool", (a, b) => e.max(truth(a), truth(b)));
const LOGICAL_XOR: BinaryOp = binary("logicalXor", "bool", (a, b) => e.notEqual(truth(a), truth(b)));
const LOGICAL_NOT: ElementwiseOp = unary("logicalNot", "bool", (x) => e.equal(x, 0));
const ISNAN: ElementwiseOp = unary("isnan", "bool", e.isNan);
const ISINF: ElementwiseOp = unary("isinf", "bool", (x) => e.equal(e.abs(x), Infinity));
const ISFINITE: ElementwiseOp = unary("isfinite", "bool", (x) => e.less(e.abs(x), Infinity));

/** `x == y`, as bool. Shapes broadcast; one operand may be a number. */
export function eq(x: Tensor | number, y: Tensor | number): Tensor {
  checkBinary("eq", arguments, "nn");
  return applyBinary(EQ, x, y);
}

/** `x != y`, as bool. Shapes broadcast; one operand may be a number. */
export function ne(x: Tensor | number, y: Tensor | number): Tensor {
  checkBinary("ne", arguments, "nn");
  return applyBinary(NE, x, y);
}

/** `x < y`, as bool. Shapes broadcast; one operand may be a number. */
export function lt(x: Tensor | number, y: Tensor | number): Tensor {
  checkBinary("lt", arguments, "nn");
  return applyBinary(LT, x, y);
}

/** `x <= y`, as bool. Shapes broadcast; one operand may be a number. */
export function le(x: Tensor | number, y: Tensor | number): Tensor {
  checkBinary("le", arguments, "nn");
  return applyBinary(LE, x, y);
}

/** `x > y`, as bool. Shapes broadcast; one operand may be a number. */
export function gt(x: Tensor | number, y: Tensor | number): Tensor {
  checkBinary("gt", arguments, "nn");
  return applyBinary(GT, x, y);
}

/** `x >= y`, as bool. Shapes broadcast; one operand may be a number. */
export function ge(x: Tensor | number, y: Tensor | number): Tensor {
  checkBinary("ge", arguments, "nn");
  return applyBinary(GE, x, y);
}

/** Both are not 0, as bool. Shapes broadcast; one operand may be a number. */
export function logicalAnd(x: Tensor | number, y: Tensor | number): Tensor {
  checkBinary("logicalAnd", arguments, "nn");
  return applyBinary(LOGICAL_AND, x, y);
}

/** Either is not 0, as bool. Shapes broadcast; one operand may be a number. */
export function logicalOr(x: Tensor | number, y: Tensor | number): Tensor {
  checkBinary("logicalOr", arguments, "nn");
  return applyBinary(LOGICAL_OR, x, y);
}

/** One but not the other is not 0, as bool. Shapes broadcast; one operand may be a number. */
export function logicalXor(x: Tensor | number, y: Tensor | number): Tensor {
  checkBinary("logicalXor", arguments, "nn");
  return applyBinary(LOGICAL_XOR, x, y);
}

/** Whether an element is 0, as bool. */
export function logicalNot(x: Tensor): Tensor {
  return applyUnary(LOGICAL_NOT, x, arguments);
}

/** Whether an element is NaN, as bool. */
export function isnan(x: Tensor): Tensor {
  return applyUnary(ISNAN, x, arguments);
}

/** Whether an element is infinite, as bool. */
export function isinf(x: Tensor): Tensor {
  checkCall("isinf", arguments, "x");
  // The bounds of integers stand for the infinities in kernels, and are none.
  return isFloating(x.dtype) ? x.apply(ISINF, NO_SCALARS) : x.newZeros(x.shape, "bool");
}

/** Whether an element is neither infinite nor NaN, as bool. */
export function isfinite(x: Tensor): Tensor {
  checkCall("isfinite", arguments, "x");
  return isFloating(x.dtype) ? x.apply(ISFINITE, NO_SCALARS) : x.newOnes(x.shape, "bool");
}

/** {@linkcode eq} in the place of `x`, as 0 and 1 of its dtype. */
export function eq_(x: Tensor, y: Tensor | number): Tensor {
  checkCall("eq_", arguments, "xn");
  return applyBinaryInto(EQ, x, y);
}

/** {@linkcode ne} in the place of `x`, as 0 and 1 of its dtype. */
export function ne_(x: Tensor, y: Tensor | number): Tensor {
  checkCall("ne_", arguments, "xn");
  return applyBinaryInto(NE, x, y);
}

/** {@linkcode lt} in the place of `x`, as 0 and 1 of its dtype. */
export function lt_(x: Tensor, y: Tensor | number): Tensor {
  checkCall("lt_", arguments, "xn");
  return applyBinaryInto(LT, x, y);
}

/** {@linkcode le} in the place of `x`, as 0 and 1 of its dtype. */
export function le_(x: Tensor, y: Tensor | number): Tensor {
  checkCall("le_", arguments, "xn");
  return applyBinaryInto(LE, x, y);
}

/** {@linkcode gt} in the place of `x`, as 0 and 1 of its dtype. */
export function gt_(x: Tensor, y: Tensor | number): Tensor {
  checkCall("gt_", arguments, "xn");
  return applyBinaryInto(GT, x, y);
}

/** {@linkcode ge} in the place of `x`, as 0 and 1 of its dtype. */
export function ge_(x: Tensor, y: Tensor | number): Tensor {
  checkCall("ge_", arguments, "xn");
  return applyBinaryInto(GE, x, y);
}

/** {@linkcode logicalAnd} in the place of `x`, as 0 and 1 of its dtype. */
export function logicalAnd_(x: Tensor, y: Tensor | number): Tensor {
  checkCall("logicalAnd_", arguments, "xn");
  return applyBinaryInto(LOGICAL_AND, x, y);
}

/** {@linkcode logicalOr} in the place of `x`, as 0 and 1 of its dtype. */
export function logicalOr_(x: Tensor, y: Tensor | number): Tensor {
  checkCall("logicalOr_", arguments, "xn");
  return applyBinaryInto(LOGICAL_OR, x, y);
}

/** {@linkcode logicalXor} in the place of `x`, as 0 and 1 of its dtype. */
export function logicalXor_(x: Tensor, y: Tensor | number): Tensor {
  checkCall("logicalXor_", arguments, "xn");
  return applyBinaryInto(LOGICAL_XOR, x, y);
}

/** {@linkcode logicalNot} in the place of `x`, as 0 and 1 of its dtype. */
export function logicalNot_(x: Tensor): Tensor {
  return applyUnaryInto(LOGICAL_NOT, x, arguments);
}
