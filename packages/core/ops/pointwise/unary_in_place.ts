/** Functions of one number in the place of a tensor, of which `unary.ts` has the others. */
import * as e from "../../expr/expr.ts";
import type { Tensor } from "../../tensor.ts";
import {
  applyBinaryInto,
  applyUnaryInto,
  binary,
  type BinaryOp,
  type ElementwiseOp,
  unary,
} from "../base/elementwise.ts";
import { checkCall } from "../../tensor/check_call.ts";

const EXP2: ElementwiseOp = unary("exp2", "float", e.exp2);
const EXPM1: ElementwiseOp = unary("expm1", "float", e.expm1);
const LOG2: ElementwiseOp = unary("log2", "float", e.log2);
const LOG10: ElementwiseOp = unary("log10", "float", e.log10);
const LOG1P: ElementwiseOp = unary("log1p", "float", e.log1p);
const TAN: ElementwiseOp = unary("tan", "float", e.tan);
const ASIN: ElementwiseOp = unary("asin", "float", e.asin);
const ACOS: ElementwiseOp = unary("acos", "float", e.acos);
const ATAN: ElementwiseOp = unary("atan", "float", e.atan);
const SINH: ElementwiseOp = unary("sinh", "float", e.sinh);
const COSH: ElementwiseOp = unary("cosh", "float", e.cosh);
const ASINH: ElementwiseOp = unary("asinh", "float", e.asinh);
const ACOSH: ElementwiseOp = unary("acosh", "float", e.acosh);
const ATANH: ElementwiseOp = unary("atanh", "float", e.atanh);
const ERFC: ElementwiseOp = unary("erfc", "float", e.erfc);
const ATAN2: BinaryOp = binary("atan2", "float", e.atan2);
const HYPOT: BinaryOp = binary("hypot", "float", e.hypot);

/** {@linkcode exp2} in the place of `x`. */
export function exp2_(x: Tensor): Tensor {
  return applyUnaryInto(EXP2, x, arguments);
}

/** {@linkcode expm1} in the place of `x`. */
export function expm1_(x: Tensor): Tensor {
  return applyUnaryInto(EXPM1, x, arguments);
}

/** {@linkcode log2} in the place of `x`. */
export function log2_(x: Tensor): Tensor {
  return applyUnaryInto(LOG2, x, arguments);
}

/** {@linkcode log10} in the place of `x`. */
export function log10_(x: Tensor): Tensor {
  return applyUnaryInto(LOG10, x, arguments);
}

/** {@linkcode log1p} in the place of `x`. */
export function log1p_(x: Tensor): Tensor {
  return applyUnaryInto(LOG1P, x, arguments);
}

/** {@linkcode tan} in the place of `x`. */
export function tan_(x: Tensor): Tensor {
  return applyUnaryInto(TAN, x, arguments);
}

/** {@linkcode asin} in the place of `x`. */
export function asin_(x: Tensor): Tensor {
  return applyUnaryInto(ASIN, x, arguments);
}

/** {@linkcode acos} in the place of `x`. */
export function acos_(x: Tensor): Tensor {
  return applyUnaryInto(ACOS, x, arguments);
}

/** {@linkcode atan} in the place of `x`. */
export function atan_(x: Tensor): Tensor {
  return applyUnaryInto(ATAN, x, arguments);
}

/** {@linkcode sinh} in the place of `x`. */
export function sinh_(x: Tensor): Tensor {
  return applyUnaryInto(SINH, x, arguments);
}

/** {@linkcode cosh} in the place of `x`. */
export function cosh_(x: Tensor): Tensor {
  return applyUnaryInto(COSH, x, arguments);
}

/** {@linkcode asinh} in the place of `x`. */
export function asinh_(x: Tensor): Tensor {
  return applyUnaryInto(ASINH, x, arguments);
}

/** {@linkcode acosh} in the place of `x`. */
export function acosh_(x: Tensor): Tensor {
  return applyUnaryInto(ACOSH, x, arguments);
}

/** {@linkcode atanh} in the place of `x`. */
export function atanh_(x: Tensor): Tensor {
  return applyUnaryInto(ATANH, x, arguments);
}

/** {@linkcode erfc} in the place of `x`. */
export function erfc_(x: Tensor): Tensor {
  return applyUnaryInto(ERFC, x, arguments);
}

/** {@linkcode atan2} in the place of `x`. */
export function atan2_(x: Tensor, y: Tensor | number): Tensor {
  checkCall("atan2_", arguments, "xn");
  return applyBinaryInto(ATAN2, x, y);
}

/** {@linkcode hypot} in the place of `x`. */
export function hypot_(x: Tensor, y: Tensor | number): Tensor {
  checkCall("hypot_", arguments, "xn");
  return applyBinaryInto(HYPOT, x, y);
}
