/** Powers of two, neighbors and sums of powers, element by element. */
import { named, type TwoResults } from "../../named_results.ts";
import { type Body, body } from "../../expr/body.ts";
import { computeType, isFloating } from "../../dtype.ts";
import * as e from "../../expr/expr.ts";
import type { Expr } from "../../expr/expr.ts";
import type { KernelOp } from "../../op.ts";
import type { Tensor } from "../../tensor.ts";
import { inPlaceOf } from "../base/in_place_of.ts";
import {
  applyBinary,
  applyBinaryInto,
  binary,
  type BinaryOp,
  elementwise,
  type ElementwiseOp,
  promoteSpecs,
} from "../base/elementwise.ts";
import { pow } from "./binary.ts";
import { floatTraits } from "../base/float_traits.ts";
import { lazily } from "../base/lazily.ts";
import { called } from "../base/called.ts";
import { checkCall } from "../../tensor/check_call.ts";

const LDEXP: BinaryOp = binary("ldexp", "float", (x, n) => {
  // In two factors, as 2 to the n may overflow where the product does not.
  const half = e.floor(e.mul(0.5, n));
  return e.mul(e.mul(x, e.exp2(half)), e.exp2(e.sub(n, half)));
}, (x, n) => [e.exp2(n), e.mul(e.mul(x, Math.LN2), e.exp2(n))]);

const LOGADDEXP2: BinaryOp = binary(
  "logaddexp2",
  "float",
  (a, b) => e.mul(e.logaddexp(e.mul(a, Math.LN2), e.mul(b, Math.LN2)), Math.LOG2E),
  (a, b) => [e.sigmoid(e.mul(e.sub(a, b), Math.LN2)), e.sigmoid(e.mul(e.sub(b, a), Math.LN2))],
);

/** Mantissa and exponent: a number is brought to [0.5, 1) by exact steps, which halve. */
function parts(x: Expr): readonly [mantissa: Expr, exponent: Expr] {
  const plain = e.mul(e.notEqual(x, 0), e.less(e.abs(x), Infinity));
  let size = e.where(plain, e.abs(x), 0.5), exponent: Expr = e.constant(0);
  for (const step of [512, 512, 256, 128, 64, 32, 16, 8, 4, 2, 1]) {
    const large = e.lessEqual(2 ** step, size), small = e.less(size, 2 ** -step);
    size = e.mul(size, e.where(large, 2 ** -step, e.where(small, 2 ** step, 1)));
    exponent = e.add(exponent, e.where(large, step, e.where(small, -step, 0)));
  }
  const last = e.lessEqual(1, size);
  const mantissa = e.mul(e.where(last, e.mul(0.5, size), size), e.where(e.less(x, 0), -1, 1));
  return [e.where(plain, mantissa, x), e.where(plain, e.add(exponent, last), 0)];
}

const PARTS: () => Body = lazily(() => body(...parts(e.input(0))));

const FREXP: KernelOp<null> = {
  kind: "kernel",
  name: "frexp",
  infer([x]) {
    if (!isFloating(x!.dtype)) {
      throw new TypeError(`Cannot apply frexp() as the dtype must be floating: current dtype is ${x!.dtype}`);
    }
    return [x!, { shape: x!.shape, dtype: "int32" }];
  },
  kernel: ([x]) => ({
    kernel: "map",
    body: PARTS(),
    compute: computeType(x!.dtype),
    scalars: [],
    shape: x!.shape,
  }),
  saves: () => ({ outputs: [1] }),
  readsGradsOf: 1,
  vjp: ([g], saved) => [() => ldexp(g!, saved.output(1).neg())],
};

const [X, Y] = [e.input(0), e.input(1)];
const [UNIT, SMALLEST, LARGEST] = [e.scalar(0), e.scalar(1), e.scalar(2)];

/**
 * The next number above `c`, by arithmetic that rounds to the nearest (Rump, Zimmermann, Boldo and Melquiond 2009,
 * "Computing predecessor and successor in rounding to nearest", algorithm 2).
 */
function above(c: Expr): Expr {
  const size = e.abs(c), phi = e.mul(UNIT, e.add(1, e.mul(2, UNIT)));
  const beyond = e.add(c, e.mul(phi, size));
  const raised = e.div(c, UNIT), near = e.mul(e.add(raised, e.mul(phi, e.abs(raised))), UNIT);
  const tiny = e.less(size, e.div(SMALLEST, UNIT));
  const middle = e.less(size, e.mul(0.5, e.div(e.div(SMALLEST, UNIT), UNIT)));
  const finite = e.where(tiny, e.add(c, SMALLEST), e.where(middle, near, beyond));
  return e.where(e.equal(c, -Infinity), e.neg(LARGEST), finite);
}

const side = e.where(e.less(X, Y), 1, -1);
const NEXTAFTER: ElementwiseOp = elementwise({
  name: "nextafter",
  kind: "same",
  expr: e.where(
    e.max(e.isNan(X), e.isNan(Y)),
    NaN,
    e.where(e.equal(X, Y), Y, e.mul(side, above(e.mul(side, X)))),
  ),
  // As x, but for the last digit; constant where both are equal.
  slopes: [e.notEqual(X, Y), e.constant(0)],
});

/** `x` times 2 to the `n`; integers become float32. Shapes broadcast; one operand may be a number. */
export function ldexp(x: Tensor | number, n: Tensor | number): Tensor {
  checkCall("ldexp", arguments, "nn");
  return applyBinary(LDEXP, x, n);
}

/** `log2(2 ** x + 2 ** y)` without overflow. Shapes broadcast, types promote; one operand may be a number. */
export function logaddexp2(x: Tensor | number, y: Tensor | number): Tensor {
  checkCall("logaddexp2", arguments, "nn");
  return applyBinary(LOGADDEXP2, x, y);
}

/** Result of {@linkcode frexp}: `x = mantissa * 2 ** exponent`. */
export interface FrexpResult extends TwoResults {
  /** From 0.5 to 1 in size, or 0, infinite or NaN as `x` is. */
  readonly mantissa: Tensor;
  /** The power of two, as int32. */
  readonly exponent: Tensor;
}

/**
 * Mantissa and exponent of floating numbers.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, frexp, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const { mantissa, exponent } = frexp(tensor([6, -0.25], { device }));
 * assertEquals(mantissa.tolist(), [0.75, -0.5]);
 * assertEquals(exponent.tolist(), [3, -1]);
 * ```
 */
export function frexp(x: Tensor): FrexpResult {
  checkCall("frexp", arguments, "x");
  const [mantissa, exponent] = x.applyAll(FREXP, null) as [Tensor, Tensor];
  return named({ mantissa, exponent });
}

function gridOf(x: Tensor, y: Tensor): { readonly scalars: readonly number[] } {
  const dtype = promoteSpecs([x, y]);
  if (!isFloating(dtype)) {
    throw new TypeError(`Cannot apply nextafter() as dtypes must be floating: current dtype is ${dtype}`);
  }
  const { unit, smallest, largest } = floatTraits(dtype);
  return { scalars: [unit, smallest, largest] };
}

/** The next number of the dtype after `x` on the way to `y`; `y` where both are equal. Its slope is 1, and 0 where both are equal. Shapes broadcast. */
export function nextafter(x: Tensor, y: Tensor): Tensor {
  checkCall("nextafter", arguments, "xx");
  return x.apply(NEXTAFTER, gridOf(x, y), y);
}

/**
 * `x` to the power of `y`, calculated in float64, or in float32 on a device that has no float64. Shapes broadcast; one
 * operand may be a number.
 */
export function floatPower(x: Tensor | number, y: Tensor | number): Tensor {
  checkCall("floatPower", arguments, "nn");
  const one = typeof x === "number" ? y : x;
  if (typeof one === "number") {
    throw new TypeError("Cannot apply floatPower() to two numbers: one must be a tensor");
  }
  const wide = one.device.backend.limits.dtypes.includes("float64") ? "float64" : "float32";
  const floating = (t: Tensor | number) => typeof t === "number" ? t : t.to(wide);
  return called("floatPower", [x, y], () => pow(floating(x), floating(y)));
}

/** {@linkcode ldexp} in the place of `x`. */
export function ldexp_(x: Tensor, n: Tensor | number): Tensor {
  checkCall("ldexp_", arguments, "xn");
  return applyBinaryInto(LDEXP, x, n);
}

/** {@linkcode nextafter} in the place of `x`. */
export function nextafter_(x: Tensor, y: Tensor): Tensor {
  checkCall("nextafter_", arguments, "xx");
  return x.applyInto(NEXTAFTER, gridOf(x, y), x, y);
}

/** {@linkcode floatPower} in the place of `x`, rounded to its dtype, which must be floating. */
export function floatPower_(x: Tensor, y: Tensor | number): Tensor {
  checkCall("floatPower_", arguments, "xn");
  if (!isFloating(x.dtype)) {
    throw new TypeError(
      `Cannot apply floatPower() in place as the dtype must be floating: current dtype is ${x.dtype}`,
    );
  }
  return inPlaceOf(x, (given) => floatPower(given, y), y);
}
