/** Special functions beside the gamma function's, element by element. */
import * as e from "../../expr/expr.ts";
import type { Expr } from "../../expr/expr.ts";
import * as bessel from "../../expr/special/bessel.ts";
import * as inverse from "../../expr/special/inverse_error.ts";
import { polynomial } from "../../expr/special/polynomial.ts";
import type { Tensor } from "../../tensor.ts";
import {
  applyBinary,
  applyBinaryInto,
  applyUnary,
  binary,
  type BinaryOp,
  elementwise,
  type ElementwiseOp,
  NO_SCALARS,
  unary,
} from "../base/elementwise.ts";
import { lazily } from "../base/lazily.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

type Lazy<T> = () => T;

const ERFINV: Lazy<ElementwiseOp> = lazily(() =>
  unary(
    "erfinv",
    "float",
    inverse.erfinv,
    // Of -x, or the result would be looked at: that may be overwritten.
    (x) => e.mul(Math.sqrt(Math.PI) / 2, e.exp(e.square(inverse.erfinv(e.neg(x))))),
  )
);

const I0: Lazy<ElementwiseOp> = lazily(() => unary("i0", "float", bessel.i0, bessel.i1));
const I0E: Lazy<ElementwiseOp> = lazily(() => unary("i0e", "float", bessel.i0e, bessel.i0eSlope));
const I1: Lazy<ElementwiseOp> = lazily(() => unary("i1", "float", bessel.i1, bessel.i1Slope));
const I1E: Lazy<ElementwiseOp> = lazily(() => unary("i1e", "float", bessel.i1e, bessel.i1eSlope));

const odds = (x: Expr): Expr => e.log(e.div(x, e.sub(1, x)));
// 1 / (x (1 - x)), infinite at both ends
const oddsSlope = (x: Expr): Expr =>
  e.where(e.mul(e.lessEqual(0, x), e.lessEqual(x, 1)), e.reciprocal(e.mul(x, e.sub(1, x))), NaN);
const LOGIT: ElementwiseOp = unary("logit", "float", odds, oddsSlope);
const [X, LOW, HIGH] = [e.input(0), e.scalar(0), e.sub(1, e.scalar(0))];
const LOGIT_WITHIN: ElementwiseOp = elementwise({
  name: "logit",
  kind: "float",
  expr: odds(e.where(e.less(X, LOW), LOW, e.where(e.less(HIGH, X), HIGH, X))),
  slopes: [e.where(e.less(X, LOW), 0, e.where(e.less(HIGH, X), 0, e.reciprocal(e.mul(X, e.sub(1, X)))))],
});

/** The |x| below which sinc is its Taylor polynomial, as derivatives of the quotient would lose digits there. */
const NEAR = 0.25;
const SINC_SERIES: readonly number[] = Array.from({ length: 9 }, (_, i) => {
  let term = 1;
  for (let k = 1; k <= i; k++) term *= -(Math.PI ** 2) / (2 * k * (2 * k + 1));
  return term;
});

function sincOf(x: Expr): Expr {
  const near = e.less(e.abs(x), NEAR), far = e.where(near, 1, x);
  // Whole turns are taken off first, without a rounding error.
  const part = e.sub(far, e.mul(2, e.round(e.mul(0.5, far))));
  const quotient = e.div(e.sin(e.mul(Math.PI, part)), e.mul(Math.PI, far));
  return e.where(near, polynomial(e.square(e.where(near, x, 0)), SINC_SERIES), quotient);
}
const SINC: Lazy<ElementwiseOp> = lazily(() => unary("sinc", "float", sincOf));

// -x log x; its slope is infinite at 0, where the function begins.
const ENTR: ElementwiseOp = unary(
  "entr",
  "float",
  (x) => e.where(e.less(x, 0), -Infinity, e.where(e.equal(x, 0), 0, e.neg(e.mul(x, e.log(x))))),
  (x) => e.sub(-1, e.log(x)),
);

/** x log(y), but 0 where x is 0 and y a number; of slopes, that for x is cut off only where the logarithm is none. */
function timesLog(
  name: string,
  log: (y: Expr) => Expr,
  argument: (y: Expr) => Expr,
): BinaryOp {
  return binary(
    name,
    "float",
    (x, y) => e.where(e.isNan(y), NaN, e.where(e.equal(x, 0), 0, e.mul(x, log(y)))),
    (x, y) => [
      e.where(e.mul(e.equal(x, 0), e.lessEqual(argument(y), 0)), 0, log(y)),
      e.div(x, argument(y)),
    ],
  );
}
const XLOGY: BinaryOp = timesLog("xlogy", e.log, (y) => y);
const XLOG1PY: BinaryOp = timesLog("xlog1py", e.log1p, (y) => e.add(y, 1));

/** Inverse of the error function; infinite at -1 and 1, NaN beyond. Integers become float32. */
export function erfinv(x: Tensor): Tensor {
  checkCall("erfinv", arguments, "x");
  return x.apply(ERFINV(), NO_SCALARS);
}

/** Options of {@linkcode logit}. */
export interface LogitOptions {
  /** How near to 0 and to 1 elements count; nothing is cut off by default, and elements outside [0, 1] give NaN. */
  readonly eps?: number;
}
const LOGIT_OPTIONS: OptionKeys<LogitOptions> = { eps: true };

/** `log(x / (1 - x))`, the inverse of `sigmoid`. Integers become float32. */
export function logit(x: Tensor, options?: LogitOptions): Tensor {
  checkCall("logit", arguments, "x.");
  const { eps } = readOptions("logit()", options, LOGIT_OPTIONS);
  return eps === undefined ? x.apply(LOGIT, NO_SCALARS) : x.apply(LOGIT_WITHIN, { scalars: [eps] });
}

/** `sin(pi x) / (pi x)`, 1 at 0. Integers become float32. */
export function sinc(x: Tensor): Tensor {
  checkCall("sinc", arguments, "x");
  return x.apply(SINC(), NO_SCALARS);
}

/** Entropy `-x log(x)`: 0 at 0, -Infinity below. Integers become float32. */
export function entr(x: Tensor): Tensor {
  return applyUnary(ENTR, x, arguments);
}

/** `x log(y)`: 0 where `x` is 0, NaN where `y` is. Shapes broadcast; one operand may be a number. */
export function xlogy(x: Tensor | number, y: Tensor | number): Tensor {
  checkCall("xlogy", arguments, "nn");
  return applyBinary(XLOGY, x, y);
}

/** `x log(1 + y)`: 0 where `x` is 0, NaN where `y` is. Shapes broadcast; one operand may be a number. */
export function xlog1py(x: Tensor | number, y: Tensor | number): Tensor {
  checkCall("xlog1py", arguments, "nn");
  return applyBinary(XLOG1PY, x, y);
}

/** Modified Bessel function of the first kind of order 0. Integers become float32. */
export function i0(x: Tensor): Tensor {
  checkCall("i0", arguments, "x");
  return x.apply(I0(), NO_SCALARS);
}

/** `exp(-|x|)` times {@linkcode i0}, which does not overflow. Integers become float32. */
export function i0e(x: Tensor): Tensor {
  checkCall("i0e", arguments, "x");
  return x.apply(I0E(), NO_SCALARS);
}

/** Modified Bessel function of the first kind of order 1. Integers become float32. */
export function i1(x: Tensor): Tensor {
  checkCall("i1", arguments, "x");
  return x.apply(I1(), NO_SCALARS);
}

/** `exp(-|x|)` times {@linkcode i1}, which does not overflow. Integers become float32. */
export function i1e(x: Tensor): Tensor {
  checkCall("i1e", arguments, "x");
  return x.apply(I1E(), NO_SCALARS);
}

/** {@linkcode erfinv} in the place of `x`. */
export function erfinv_(x: Tensor): Tensor {
  checkCall("erfinv_", arguments, "x");
  return x.applyInto(ERFINV(), NO_SCALARS, x);
}

/** {@linkcode logit} in the place of `x`. */
export function logit_(x: Tensor, options?: LogitOptions): Tensor {
  checkCall("logit_", arguments, "x.");
  const { eps } = readOptions("logit_()", options, LOGIT_OPTIONS);
  return eps === undefined
    ? x.applyInto(LOGIT, NO_SCALARS, x)
    : x.applyInto(LOGIT_WITHIN, { scalars: [eps] }, x);
}

/** {@linkcode sinc} in the place of `x`. */
export function sinc_(x: Tensor): Tensor {
  checkCall("sinc_", arguments, "x");
  return x.applyInto(SINC(), NO_SCALARS, x);
}

/** {@linkcode xlogy} in the place of `x`. */
export function xlogy_(x: Tensor, y: Tensor | number): Tensor {
  checkCall("xlogy_", arguments, "xn");
  return applyBinaryInto(XLOGY, x, y);
}

/** {@linkcode i0} in the place of `x`. */
export function i0_(x: Tensor): Tensor {
  checkCall("i0_", arguments, "x");
  return x.applyInto(I0(), NO_SCALARS, x);
}
