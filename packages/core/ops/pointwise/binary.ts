/** Arithmetic of two operands, element by element. */
import { isFloating } from "../../dtype.ts";
import * as e from "../../expr/expr.ts";
import type { Tensor } from "../../tensor.ts";
import { naming } from "../base/called.ts";
import { checkDivisor, checkExponent } from "../base/divisor.ts";
import {
  applyBinary,
  applyBinaryInto,
  binary,
  type BinaryOp,
  elementwise,
  type ElementwiseOp,
} from "../base/elementwise.ts";
import { tidySync } from "../../scope.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkBinary, checkCall } from "../../tensor/check_call.ts";

const ADD: BinaryOp = binary("add", "same", e.add);
const SUB: BinaryOp = binary("sub", "same", e.sub);
const MUL: BinaryOp = binary("mul", "same", e.mul, undefined, true);
// The quotient is not looked at, as in PyTorch: it may be overwritten.
const DIV: BinaryOp = binary(
  "div",
  "float",
  e.div,
  (a, b) => [e.div(1, b), e.div(e.div(e.neg(a), b), b)],
  true,
);
const DIV_TRUNC: BinaryOp = binary("div", "same", (a, b) => e.trunc(e.div(a, b)));
const MAXIMUM: BinaryOp = binary("maximum", "same", e.max);
const MINIMUM: BinaryOp = binary("minimum", "same", e.min);
const POW: BinaryOp = binary("pow", "same", e.pow);
const ATAN2: BinaryOp = binary("atan2", "float", e.atan2);
const FMOD: BinaryOp = binary("fmod", "same", e.fmod);
const REMAINDER: BinaryOp = binary("remainder", "same", e.remainder);
const FLOOR_DIVIDE: BinaryOp = binary("floorDivide", "same", e.floorDiv);
const HYPOT: BinaryOp = binary("hypot", "float", e.hypot);
const LOGADDEXP: BinaryOp = binary("logaddexp", "float", e.logaddexp);

/** Options of {@linkcode add} and {@linkcode sub}. */
export interface AddOptions {
  /** Factor of the second operand; 1 by default. */
  readonly alpha?: number;
}
const ADD_OPTIONS: OptionKeys<AddOptions> = { alpha: true };

const scaling = (name: string, of: (a: e.Expr, b: e.Expr) => e.Expr): ElementwiseOp =>
  elementwise({ name, kind: "same", expr: of(e.input(0), e.mul(e.scalar(0), e.input(1))) });
const ADD_SCALED: ElementwiseOp = scaling("add", e.add);
const SUB_SCALED: ElementwiseOp = scaling("sub", e.sub);

function scaled(
  op: BinaryOp,
  both: ElementwiseOp,
  x: Tensor | number,
  y: Tensor | number,
  alpha: number,
): Tensor {
  if (typeof y === "number") {
    // A fractional operand promotes integers to float32, regardless of alpha.
    const cut = !Number.isInteger(y) && Number.isInteger(alpha * y) && typeof x !== "number" &&
      !isFloating(x.dtype);
    return cut
      ? tidySync(() => applyBinary(op, (x as Tensor).to("float32"), alpha * y))
      : applyBinary(op, x, alpha * y);
  }
  return typeof x === "number"
    ? tidySync(() => applyBinary(op, x, y.mul(alpha)))
    : x.apply(both, { scalars: [alpha] }, y);
}

/** `x + alpha * y`. Shapes broadcast, types promote; one operand may be a number. */
export function add(x: Tensor | number, y: Tensor | number, options?: AddOptions): Tensor {
  checkBinary("add", arguments, "nn.");
  options = readOptions("add()", options, ADD_OPTIONS);
  const alpha = options?.alpha ?? 1;
  return alpha === 1 ? applyBinary(ADD, x, y) : scaled(ADD, ADD_SCALED, x, y, alpha);
}

function checkNotBool(x: Tensor | number, y: Tensor | number): void {
  if (typeof x === "number" || typeof y === "number" || x.dtype !== "bool" || y.dtype !== "bool") return;
  throw new TypeError(
    "Cannot apply sub() as two tensors of bool have no difference: current dtypes are bool and bool, " +
      "use logicalXor(), or convert them",
  );
}

/** `x - alpha * y`. Shapes broadcast, types promote; one operand may be a number. */
export function sub(x: Tensor | number, y: Tensor | number, options?: AddOptions): Tensor {
  checkBinary("sub", arguments, "nn.");
  options = readOptions("sub()", options, ADD_OPTIONS);
  checkNotBool(x, y);
  const alpha = options?.alpha ?? 1;
  return alpha === 1 ? applyBinary(SUB, x, y) : scaled(SUB, SUB_SCALED, x, y, alpha);
}

/** `x * y`. Shapes broadcast, types promote; one operand may be a number. */
export function mul(x: Tensor | number, y: Tensor | number): Tensor {
  checkBinary("mul", arguments, "nn");
  return applyBinary(MUL, x, y);
}

/** Options of {@linkcode div}. */
export interface DivOptions {
  /** "trunc" toward 0, "floor" toward -Infinity; quotients are not rounded if it is left out. */
  readonly roundingMode?: "trunc" | "floor";
}
const DIV_OPTIONS: OptionKeys<DivOptions> = { roundingMode: true };

/**
 * `x / y`; without a rounding mode, integers become float32. Shapes broadcast, types promote; one operand may be a
 * number.
 */
export function div(x: Tensor | number, y: Tensor | number, options?: DivOptions): Tensor {
  checkBinary("div", arguments, "nn.");
  options = readOptions("div()", options, DIV_OPTIONS);
  if (options?.roundingMode !== undefined) checkDivisor("div", x, y);
  if (options === undefined) return applyBinary(DIV, x, y);
  return naming("div", [x, y], () => applyBinary(divOp(options), x, y));
}

function divOp({ roundingMode }: DivOptions): BinaryOp {
  switch (roundingMode) {
    case undefined:
      return DIV;
    case "trunc":
      return DIV_TRUNC;
    case "floor":
      return FLOOR_DIVIDE;
    default:
      throw new RangeError(
        `Cannot apply div() as roundingMode must be "trunc" or "floor": current roundingMode is ${
          JSON.stringify(roundingMode satisfies never)
        }`,
      );
  }
}

/** The larger of two; NaN if either is NaN; on a tie each has half of the slope. Shapes broadcast, types promote; one operand may be a number. */
export function maximum(x: Tensor | number, y: Tensor | number): Tensor {
  checkBinary("maximum", arguments, "nn");
  return applyBinary(MAXIMUM, x, y);
}

/** The smaller of two; NaN if either is NaN; on a tie each has half of the slope. Shapes broadcast, types promote; one operand may be a number. */
export function minimum(x: Tensor | number, y: Tensor | number): Tensor {
  checkBinary("minimum", arguments, "nn");
  return applyBinary(MINIMUM, x, y);
}

/** `x` to the power of `y`; integers to a negative power are an error where that is a number, else 0, but of 1 and -1. Shapes broadcast, types promote; one operand may be a number. */
export function pow(x: Tensor | number, y: Tensor | number): Tensor {
  checkBinary("pow", arguments, "nn");
  checkExponent(x, y);
  return applyBinary(POW, x, y);
}

/** Angle of the point (y: `x`, x: `y`) in radians, from -pi to pi. Shapes broadcast, types promote; one operand may be a number. */
export function atan2(x: Tensor | number, y: Tensor | number): Tensor {
  checkBinary("atan2", arguments, "nn");
  return applyBinary(ATAN2, x, y);
}

/** Remainder with the sign of `x`. Integers divided by 0 are an error, at once or when something is read. Shapes broadcast, types promote; one operand may be a number. */
export function fmod(x: Tensor | number, y: Tensor | number): Tensor {
  checkBinary("fmod", arguments, "nn");
  checkDivisor("fmod", x, y);
  return applyBinary(FMOD, x, y);
}

/** Remainder with the sign of `y`, as Python's `%`. Integers divided by 0 are an error, at once or when something is read. Shapes broadcast, types promote; one operand may be a number. */
export function remainder(x: Tensor | number, y: Tensor | number): Tensor {
  checkBinary("remainder", arguments, "nn");
  checkDivisor("remainder", x, y);
  return applyBinary(REMAINDER, x, y);
}

/** `floor(x / y)`. Integers divided by 0 are an error, at once or when something is read. Shapes broadcast, types promote; one operand may be a number. */
export function floorDivide(x: Tensor | number, y: Tensor | number): Tensor {
  checkBinary("floorDivide", arguments, "nn");
  checkDivisor("floorDivide", x, y);
  return applyBinary(FLOOR_DIVIDE, x, y);
}

/** `sqrt(x * x + y * y)` without overflow. Shapes broadcast, types promote; one operand may be a number. */
export function hypot(x: Tensor | number, y: Tensor | number): Tensor {
  checkBinary("hypot", arguments, "nn");
  return applyBinary(HYPOT, x, y);
}

/** `log(exp(x) + exp(y))` without overflow. Shapes broadcast, types promote; one operand may be a number. */
export function logaddexp(x: Tensor | number, y: Tensor | number): Tensor {
  checkBinary("logaddexp", arguments, "nn");
  return applyBinary(LOGADDEXP, x, y);
}

/** {@linkcode add} in the place of `x`. */
export function add_(x: Tensor, y: Tensor | number, options?: AddOptions): Tensor {
  checkCall("add_", arguments, "xn.");
  options = readOptions("add_()", options, ADD_OPTIONS);
  return addInto(ADD, ADD_SCALED, x, y, options?.alpha ?? 1);
}

/** {@linkcode sub} in the place of `x`. */
export function sub_(x: Tensor, y: Tensor | number, options?: AddOptions): Tensor {
  checkCall("sub_", arguments, "xn.");
  options = readOptions("sub_()", options, ADD_OPTIONS);
  checkNotBool(x, y);
  return addInto(SUB, SUB_SCALED, x, y, options?.alpha ?? 1);
}

function addInto(op: BinaryOp, both: ElementwiseOp, x: Tensor, y: Tensor | number, alpha: number): Tensor {
  if (alpha === 1) return applyBinaryInto(op, x, y);
  return typeof y === "number"
    ? applyBinaryInto(op, x, alpha * y)
    : x.applyInto(both, { scalars: [alpha] }, x, y);
}

/** {@linkcode mul} in the place of `x`. */
export function mul_(x: Tensor, y: Tensor | number): Tensor {
  checkCall("mul_", arguments, "xn");
  return applyBinaryInto(MUL, x, y);
}

/** {@linkcode div} in the place of `x`. */
export function div_(x: Tensor, y: Tensor | number, options?: DivOptions): Tensor {
  checkCall("div_", arguments, "xn.");
  options = readOptions("div_()", options, DIV_OPTIONS);
  if (options?.roundingMode !== undefined) checkDivisor("div", x, y);
  return applyBinaryInto(options === undefined ? DIV : divOp(options), x, y);
}

/** {@linkcode pow} in the place of `x`. */
export function pow_(x: Tensor, y: Tensor | number): Tensor {
  checkCall("pow_", arguments, "xn");
  checkExponent(x, y);
  return applyBinaryInto(POW, x, y);
}

/** {@linkcode remainder} in the place of `x`. */
export function remainder_(x: Tensor, y: Tensor | number): Tensor {
  checkCall("remainder_", arguments, "xn");
  checkDivisor("remainder", x, y);
  return applyBinaryInto(REMAINDER, x, y);
}

/** {@linkcode fmod} in the place of `x`. */
export function fmod_(x: Tensor, y: Tensor | number): Tensor {
  checkCall("fmod_", arguments, "xn");
  checkDivisor("fmod", x, y);
  return applyBinaryInto(FMOD, x, y);
}

/** {@linkcode floorDivide} in the place of `x`. */
export function floorDivide_(x: Tensor, y: Tensor | number): Tensor {
  checkCall("floorDivide_", arguments, "xn");
  checkDivisor("floorDivide", x, y);
  return applyBinaryInto(FLOOR_DIVIDE, x, y);
}
