/** Choosing between values, element by element. */
import { isFloating } from "../../dtype.ts";
import * as e from "../../expr/expr.ts";
import { INDEX_DTYPE } from "../../dtype.ts";
import type { Tensor } from "../../tensor.ts";
import { elementwise, type ElementwiseOp, NO_SCALARS } from "../base/elementwise.ts";
import { floatTraits } from "../base/float_traits.ts";
import { checkMask } from "../pointwise/masked_fill.ts";
import { nonzero } from "./search.ts";
import { called } from "../base/called.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

const [X, Y, Z] = [e.input(0), e.input(1), e.input(2)];
const [A, B] = [e.scalar(0), e.scalar(1)];

const choose = (expr: e.Expr): ElementwiseOp => elementwise({ name: "where", kind: "same", expr });
// The condition comes last, so that it takes no part in what `where` with numbers promotes.
const WHERE = choose(e.where(X, Y, Z));
const WHERE_RIGHT = choose(e.where(X, Y, A));
const WHERE_LEFT = choose(e.where(X, A, Y));

// From the nearer end: rounding of end - x may be larger than the whole of the other end.
const fromStart = (weight: e.Expr) => e.add(X, e.mul(weight, e.sub(Y, X)));
const fromEnd = (weight: e.Expr) => e.sub(Y, e.mul(e.sub(1, weight), e.sub(Y, X)));
const LERP: ElementwiseOp = elementwise({
  name: "lerp",
  kind: "float",
  expr: e.where(e.less(e.abs(Z), 0.5), fromStart(Z), fromEnd(Z)),
});
const LERP_FROM_START: ElementwiseOp = elementwise({ name: "lerp", kind: "float", expr: fromStart(A) });
const LERP_FROM_END: ElementwiseOp = elementwise({ name: "lerp", kind: "float", expr: fromEnd(A) });
const lerpBy = (weight: number): ElementwiseOp => Math.abs(weight) < 0.5 ? LERP_FROM_START : LERP_FROM_END;
const ADDCMUL: ElementwiseOp = elementwise({
  name: "addcmul",
  kind: "same",
  expr: e.add(X, e.mul(A, e.mul(Y, Z))),
});
const ADDCDIV: ElementwiseOp = elementwise({
  name: "addcdiv",
  kind: "float",
  expr: e.add(X, e.mul(A, e.div(Y, Z))),
});
const NAN_TO_NUM: ElementwiseOp = elementwise({
  name: "nanToNum",
  kind: "same",
  expr: e.where(
    e.isNan(X),
    A,
    e.where(e.equal(X, Infinity), B, e.where(e.equal(X, -Infinity), e.scalar(2), X)),
  ),
});

/** For each axis, the positions where `condition` is true: {@linkcode nonzero} as a tuple. Waits for the device. */
export function where(condition: Tensor): Tensor[];
/**
 * `x` where `condition` is true, else `y`. Shapes broadcast; `x` and `y` may be numbers: two whole ones give integers.
 *
 * @param condition bool (or uint8, tested against 0).
 */
export function where(condition: Tensor, x: Tensor | number, y: Tensor | number): Tensor;
export function where(condition: Tensor, x?: Tensor | number, y?: Tensor | number): Tensor | Tensor[] {
  checkCall("where", arguments, "x..");
  checkMask("where", condition);
  if (x === undefined) return nonzero(condition, { asTuple: true });
  if (y === undefined) {
    throw new TypeError("Cannot apply where() to a condition and one value: give both or none");
  }
  if (typeof y === "number") {
    if (typeof x !== "number") return condition.apply(WHERE_RIGHT, { scalars: [y] }, x);
    const dtype = Number.isInteger(x) && Number.isInteger(y) ? INDEX_DTYPE : "float32";
    return called("where", [condition, x, y], () => where(condition, condition.newFull([], x, dtype), y));
  }
  if (typeof x === "number") return condition.apply(WHERE_LEFT, { scalars: [x] }, y);
  return condition.apply(WHERE, NO_SCALARS, x, y);
}

/** `x + weight * (end - x)`. Shapes broadcast. */
export function lerp(x: Tensor, end: Tensor, weight: Tensor | number): Tensor {
  checkCall("lerp", arguments, "xxn");
  return typeof weight === "number"
    ? x.apply(lerpBy(weight), { scalars: [weight] }, end)
    : x.apply(LERP, NO_SCALARS, end, weight);
}

/** {@linkcode lerp} in the place of `x`. */
export function lerp_(x: Tensor, end: Tensor, weight: Tensor | number): Tensor {
  checkCall("lerp_", arguments, "xxn");
  return typeof weight === "number"
    ? x.applyInto(lerpBy(weight), { scalars: [weight] }, x, end)
    : x.applyInto(LERP, NO_SCALARS, x, end, weight);
}

/** Options of {@linkcode addcmul} and {@linkcode addcdiv}. */
export interface AddcOptions {
  /** What the product or quotient is multiplied by; 1 by default. */
  readonly value?: number;
}
const ADDC_OPTIONS: OptionKeys<AddcOptions> = { value: true };

/** `x + value * a * b`. Shapes broadcast. */
export function addcmul(x: Tensor, a: Tensor, b: Tensor, options?: AddcOptions): Tensor {
  checkCall("addcmul", arguments, "xxx.");
  const { value = 1 } = readOptions("addcmul()", options, ADDC_OPTIONS);
  return x.apply(ADDCMUL, { scalars: [value] }, a, b);
}

/** `x + value * a / b`. Shapes broadcast. */
export function addcdiv(x: Tensor, a: Tensor, b: Tensor, options?: AddcOptions): Tensor {
  checkCall("addcdiv", arguments, "xxx.");
  const { value = 1 } = readOptions("addcdiv()", options, ADDC_OPTIONS);
  return x.apply(ADDCDIV, { scalars: [value] }, a, b);
}

/** {@linkcode addcmul} in the place of `x`. */
export function addcmul_(x: Tensor, a: Tensor, b: Tensor, options?: AddcOptions): Tensor {
  checkCall("addcmul_", arguments, "xxx.");
  const { value = 1 } = readOptions("addcmul_()", options, ADDC_OPTIONS);
  return x.applyInto(ADDCMUL, { scalars: [value] }, x, a, b);
}

/** {@linkcode addcdiv} in the place of `x`. */
export function addcdiv_(x: Tensor, a: Tensor, b: Tensor, options?: AddcOptions): Tensor {
  checkCall("addcdiv_", arguments, "xxx.");
  const { value = 1 } = readOptions("addcdiv_()", options, ADDC_OPTIONS);
  return x.applyInto(ADDCDIV, { scalars: [value] }, x, a, b);
}

/** Options of {@linkcode nanToNum}. */
export interface NanToNumOptions {
  /** For NaN; 0 by default. */
  readonly nan?: number;
  /** For Infinity; the largest number of the dtype by default. */
  readonly posinf?: number;
  /** For -Infinity; the lowest number of the dtype by default. */
  readonly neginf?: number;
}
const NAN_TO_NUM_OPTIONS: OptionKeys<NanToNumOptions> = { nan: true, posinf: true, neginf: true };

/** `x` with numbers in place of NaN and the infinities. */
export function nanToNum(x: Tensor, options: NanToNumOptions = {}): Tensor {
  checkCall("nanToNum", arguments, "x.");
  options = readOptions("nanToNum()", options, NAN_TO_NUM_OPTIONS);
  if (!isFloating(x.dtype)) return x.clone();
  return x.apply(NAN_TO_NUM, { scalars: replacements(x, options) });
}

/** {@linkcode nanToNum} in the place of `x`. */
export function nanToNum_(x: Tensor, options: NanToNumOptions = {}): Tensor {
  checkCall("nanToNum_", arguments, "x.");
  options = readOptions("nanToNum_()", options, NAN_TO_NUM_OPTIONS);
  return isFloating(x.dtype) ? x.applyInto(NAN_TO_NUM, { scalars: replacements(x, options) }, x) : x;
}

function replacements({ dtype }: Tensor, { nan = 0, posinf, neginf }: NanToNumOptions): readonly number[] {
  const largest = floatTraits(dtype).largest;
  return [nan, posinf ?? largest, neginf ?? -largest];
}
