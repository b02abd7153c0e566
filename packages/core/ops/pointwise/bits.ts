/** Bits and divisors of integers, element by element. */
import { resultInPlaceOf } from "../base/in_place_of.ts";
import { bytesOf, computeType, type DType, isFloating } from "../../dtype.ts";
import { type Body, body } from "../../expr/body.ts";
import * as e from "../../expr/expr.ts";
import type { Expr } from "../../expr/expr.ts";
import type { KernelOp } from "../../op.ts";
import { tidySync } from "../../scope.ts";
import { broadcastShapes } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import {
  applyBinary,
  applyBinaryInto,
  binary,
  type BinaryOp,
  elementwise,
  type ElementwiseOp,
  type ElementwiseParams,
  NO_SCALARS,
  promoteSpecs,
  unary,
} from "../base/elementwise.ts";
import { lazily } from "../base/lazily.ts";
import { checkCall } from "../../tensor/check_call.ts";

const BITWISE_AND: BinaryOp = binary("bitwiseAnd", "integral", e.and);
const BITWISE_OR: BinaryOp = binary("bitwiseOr", "integral", e.or);
const BITWISE_XOR: BinaryOp = binary("bitwiseXor", "integral", e.xor);
const BITWISE_NOT: ElementwiseOp = unary("bitwiseNot", "integral", e.not);
const INVERT: ElementwiseOp = unary("bitwiseNot", "integral", (x) => e.equal(x, 0));

// Processors take shift counts modulo the width: counts that would leave nothing are asked for. Scalar 1 is the width.
const within = (count: Expr): Expr => e.mul(e.lessEqual(0, count), e.less(count, e.scalar(1)));
const SHIFT_LEFT: BinaryOp = binary(
  "bitwiseLeftShift",
  "integral",
  (x, n) => e.where(within(n), e.shiftLeft(x, n), 0),
);
const SHIFT_RIGHT: BinaryOp = binary(
  "bitwiseRightShift",
  "integral",
  (x, n) => e.shiftRight(x, e.where(within(n), n, e.sub(e.scalar(1), 1))),
);

/** How many steps of Euclid's algorithm are one kernel: shader compilers take long over many divisions of int64. */
const STEPS = { narrow: 15, wide: 2 } as const;

type Width = keyof typeof STEPS;

/** Some steps of Euclid's algorithm; a divisor of 0 ends it. */
function euclid(steps: number): Body {
  let [x, y] = [e.input(0), e.input(1)];
  for (let step = 0; step < steps; step++) {
    const done = e.equal(y, 0);
    [x, y] = [e.where(done, x, y), e.where(done, 0, e.fmod(x, y))];
  }
  return body(x, y);
}

const EUCLID: Readonly<Record<Width, () => Body>> = {
  narrow: lazily(() => euclid(STEPS.narrow)),
  wide: lazily(() => euclid(STEPS.wide)),
};

const EUCLID_STEPS: KernelOp<Width> = {
  kind: "kernel",
  name: "gcd",
  differentiable: false,
  infer: ([x]) => [x!, x!],
  kernel: ([x], _outputs, width) => ({
    kernel: "map",
    body: EUCLID[width](),
    compute: computeType(x!.dtype),
    scalars: [],
    shape: x!.shape,
  }),
};

const MULTIPLE: ElementwiseOp = elementwise({
  name: "lcm",
  kind: "integral",
  // An integer divided by 0 is 0.
  expr: e.abs(e.mul(e.div(e.input(0), e.input(1)), e.input(2))),
});

/** `f` of integers of one shape and dtype. */
function ofPair(
  op: string,
  x: Tensor | number,
  y: Tensor | number,
  f: (x: Tensor, y: Tensor) => Tensor,
): Tensor {
  const dtype = meeting(op, x, y), one = (typeof x === "number" ? y : x) as Tensor;
  return tidySync(() => {
    const [a, b] = [x, y].map((t) => typeof t === "number" ? one.newFull([], t, dtype) : t.to(dtype)) as [
      Tensor,
      Tensor,
    ];
    const shape = broadcastShapes(op, a.shape, b.shape);
    return f(a.expand(shape), b.expand(shape));
  });
}

/** In as many steps as the worst pair, neighboring Fibonacci numbers below 2^31 or 2^63, needs. */
function commonDivisor(x: Tensor, y: Tensor): Tensor {
  const width = bytesOf(x.dtype) > 4 ? "wide" : "narrow", needed = width === "wide" ? 92 : 45;
  let pair = [x, y];
  for (let step = 0; step < needed; step += STEPS[width]) {
    pair = pair[0]!.applyAll(EUCLID_STEPS, width, pair[1]!) as [Tensor, Tensor];
  }
  return pair[0]!.abs();
}

/** The type that both operands meet in. */
function meeting(op: string, x: Tensor | number, y: Tensor | number): DType {
  const tensors = [x, y].filter((t) => typeof t !== "number");
  if (tensors.length === 0) throw new TypeError(`Cannot apply ${op}() to two numbers: one must be a tensor`);
  const dtype = promoteSpecs(tensors);
  if (isFloating(dtype) || dtype === "bool") {
    throw new TypeError(`Cannot apply ${op}() as dtypes must be integers: current dtype is ${dtype}`);
  }
  return dtype;
}

function shift(op: BinaryOp, x: Tensor | number, y: Tensor | number): Tensor {
  const width = Math.max(32, 8 * bytesOf(meeting(op.name, x, y)));
  const params = (number: number): ElementwiseParams => ({ scalars: [number, width] });
  if (typeof x === "number") return (y as Tensor).apply(op.numberLeft, params(x));
  return typeof y === "number" ? x.apply(op.numberRight, params(y)) : x.apply(op.both, params(0), y);
}

function shiftInto(op: BinaryOp, x: Tensor, y: Tensor | number): Tensor {
  const scalars = [typeof y === "number" ? y : 0, Math.max(32, 8 * bytesOf(meeting(op.name, x, y)))];
  return typeof y === "number"
    ? x.applyInto(op.numberRight, { scalars }, x)
    : x.applyInto(op.both, { scalars }, x, y);
}

/** Bits of both; bool and integers. Shapes broadcast, types promote; one operand may be a number. */
export function bitwiseAnd(x: Tensor | number, y: Tensor | number): Tensor {
  checkCall("bitwiseAnd", arguments, "nn");
  return applyBinary(BITWISE_AND, x, y);
}

/** Bits of either; bool and integers. Shapes broadcast, types promote; one operand may be a number. */
export function bitwiseOr(x: Tensor | number, y: Tensor | number): Tensor {
  checkCall("bitwiseOr", arguments, "nn");
  return applyBinary(BITWISE_OR, x, y);
}

/** Bits of one but not of the other; bool and integers. Shapes broadcast, types promote; one operand may be a number. */
export function bitwiseXor(x: Tensor | number, y: Tensor | number): Tensor {
  checkCall("bitwiseXor", arguments, "nn");
  return applyBinary(BITWISE_XOR, x, y);
}

/** All bits turned over; of bool, the other truth value. */
export function bitwiseNot(x: Tensor): Tensor {
  checkCall("bitwiseNot", arguments, "x");
  return x.apply(x.dtype === "bool" ? INVERT : BITWISE_NOT, NO_SCALARS);
}

/** `x` shifted left by `y` bits; 0 where `y` is negative or as large as the dtype is wide. Shapes broadcast, types promote; one operand may be a number. */
export function bitwiseLeftShift(x: Tensor | number, y: Tensor | number): Tensor {
  checkCall("bitwiseLeftShift", arguments, "nn");
  return shift(SHIFT_LEFT, x, y);
}

/** `x` shifted right by `y` bits, keeping its sign; only the sign is left where `y` is negative or as large as the dtype is wide. Shapes broadcast, types promote; one operand may be a number. */
export function bitwiseRightShift(x: Tensor | number, y: Tensor | number): Tensor {
  checkCall("bitwiseRightShift", arguments, "nn");
  return shift(SHIFT_RIGHT, x, y);
}

/** Greatest common divisor of integers, not negative; `gcd(0, y)` is `|y|`. Shapes broadcast, types promote; one operand may be a number. */
export function gcd(x: Tensor | number, y: Tensor | number): Tensor {
  checkCall("gcd", arguments, "nn");
  return ofPair("gcd", x, y, commonDivisor);
}

/** Least common multiple of integers, not negative. Shapes broadcast, types promote; one operand may be a number. */
export function lcm(x: Tensor | number, y: Tensor | number): Tensor {
  checkCall("lcm", arguments, "nn");
  return ofPair("lcm", x, y, (a, b) => a.apply(MULTIPLE, NO_SCALARS, commonDivisor(a, b), b));
}

/** {@linkcode bitwiseAnd} in the place of `x`. */
export function bitwiseAnd_(x: Tensor, y: Tensor | number): Tensor {
  checkCall("bitwiseAnd_", arguments, "xn");
  return applyBinaryInto(BITWISE_AND, x, y);
}

/** {@linkcode bitwiseOr} in the place of `x`. */
export function bitwiseOr_(x: Tensor, y: Tensor | number): Tensor {
  checkCall("bitwiseOr_", arguments, "xn");
  return applyBinaryInto(BITWISE_OR, x, y);
}

/** {@linkcode bitwiseXor} in the place of `x`. */
export function bitwiseXor_(x: Tensor, y: Tensor | number): Tensor {
  checkCall("bitwiseXor_", arguments, "xn");
  return applyBinaryInto(BITWISE_XOR, x, y);
}

/** {@linkcode bitwiseNot} in the place of `x`. */
export function bitwiseNot_(x: Tensor): Tensor {
  checkCall("bitwiseNot_", arguments, "x");
  return x.applyInto(x.dtype === "bool" ? INVERT : BITWISE_NOT, NO_SCALARS, x);
}

/** {@linkcode bitwiseLeftShift} in the place of `x`. */
export function bitwiseLeftShift_(x: Tensor, y: Tensor | number): Tensor {
  checkCall("bitwiseLeftShift_", arguments, "xn");
  return shiftInto(SHIFT_LEFT, x, y);
}

/** {@linkcode bitwiseRightShift} in the place of `x`. */
export function bitwiseRightShift_(x: Tensor, y: Tensor | number): Tensor {
  checkCall("bitwiseRightShift_", arguments, "xn");
  return shiftInto(SHIFT_RIGHT, x, y);
}

/** {@linkcode gcd} in the place of `x`. */
export function gcd_(x: Tensor, y: Tensor | number): Tensor {
  checkCall("gcd_", arguments, "xn");
  return resultInPlaceOf("gcd", x, (given) => gcd(given, y));
}

/** {@linkcode lcm} in the place of `x`. */
export function lcm_(x: Tensor, y: Tensor | number): Tensor {
  checkCall("lcm_", arguments, "xn");
  return resultInPlaceOf("lcm", x, (given) => lcm(given, y));
}
