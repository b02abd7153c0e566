/** Functions of one number in the place of a tensor, of which `unary.ts` has the others. */
import * as e from "../../expr/expr.ts";
import type { Tensor } from "../../tensor.ts";
import {
  applyBinaryInto,
  binary,
  type BinaryOp,
  type ElementwiseOp,
  NO_SCALARS,
  unary,
} from "../base/elementwise.ts";

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
  return x.applyInto(EXP2, NO_SCALARS, x);
}

/** {@linkcode expm1} in the place of `x`. */
export function expm1_(x: Tensor): Tensor {
  return x.applyInto(EXPM1, NO_SCALARS, x);
}

/** {@linkcode log2} in the place of `x`. */
export function log2_(x: Tensor): Tensor {
  return x.applyInto(LOG2, NO_SCALARS, x);
}

/** {@linkcode log10} in the place of `x`. */
export function log10_(x: Tensor): Tensor {
  return x.applyInto(LOG10, NO_SCALARS, x);
}

/** {@linkcode log1p} in the place of `x`. */
export function log1p_(x: Tensor): Tensor {
  return x.applyInto(LOG1P, NO_SCALARS, x);
}

/** {@linkcode tan} in the place of `x`. */
export function tan_(x: Tensor): Tensor {
  return x.applyInto(TAN, NO_SCALARS, x);
}

/** {@linkcode asin} in the place of `x`. */
export function asin_(x: Tensor): Tensor {
  return x.applyInto(ASIN, NO_SCALARS, x);
}

/** {@linkcode acos} in the place of `x`. */
export function acos_(x: Tensor): Tensor {
  return x.applyInto(ACOS, NO_SCALARS, x);
}

/** {@linkcode atan} in the place of `x`. */
export function atan_(x: Tensor): Tensor {
  return x.applyInto(ATAN, NO_SCALARS, x);
}

/** {@linkcode sinh} in the place of `x`. */
export function sinh_(x: Tensor): Tensor {
  return x.applyInto(SINH, NO_SCALARS, x);
}

/** {@linkcode cosh} in the place of `x`. */
export function cosh_(x: Tensor): Tensor {
  return x.applyInto(COSH, NO_SCALARS, x);
}

/** {@linkcode asinh} in the place of `x`. */
export function asinh_(x: Tensor): Tensor {
  return x.applyInto(ASINH, NO_SCALARS, x);
}

/** {@linkcode acosh} in the place of `x`. */
export function acosh_(x: Tensor): Tensor {
  return x.applyInto(ACOSH, NO_SCALARS, x);
}

/** {@linkcode atanh} in the place of `x`. */
export function atanh_(x: Tensor): Tensor {
  return x.applyInto(ATANH, NO_SCALARS, x);
}

/** {@linkcode erfc} in the place of `x`. */
export function erfc_(x: Tensor): Tensor {
  return x.applyInto(ERFC, NO_SCALARS, x);
}

/** {@linkcode atan2} in the place of `x`. */
export function atan2_(x: Tensor, y: Tensor | number): Tensor {
  return applyBinaryInto(ATAN2, x, y);
}

/** {@linkcode hypot} in the place of `x`. */
export function hypot_(x: Tensor, y: Tensor | number): Tensor {
  return applyBinaryInto(HYPOT, x, y);
}
