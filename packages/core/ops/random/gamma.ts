/** The gamma function's logarithm and its derivatives, element by element. */
import * as gamma from "../../expr/special/gamma.ts";
import type { Tensor } from "../../tensor.ts";
import { inPlaceOf } from "../base/in_place_of.ts";
import { accumulated } from "../base/accumulated.ts";
import { type ElementwiseOp, NO_SCALARS, unary } from "../base/elementwise.ts";
import { lazily } from "../base/lazily.ts";
import { checkCall } from "../../tensor/check_call.ts";

const LGAMMA: () => ElementwiseOp = lazily(() => unary("lgamma", "float", gamma.lgamma, gamma.digamma));
const DIGAMMA: () => ElementwiseOp = lazily(() =>
  unary("digamma", "float", gamma.digamma, (x) => gamma.polygamma(1, x))
);

const polygammas = new Map<number, ElementwiseOp>();

function polygammaOf(n: number): ElementwiseOp {
  if (!Number.isInteger(n) || n < 0) {
    throw new RangeError(`Cannot apply polygamma() as n must be an integer from 0 on: current n is ${n}`);
  }
  if (n === 0) return DIGAMMA();
  let op = polygammas.get(n);
  if (op === undefined) {
    op = unary("polygamma", "float", (x) => gamma.polygamma(n, x), (x) => gamma.polygamma(n + 1, x));
    polygammas.set(n, op);
  }
  return op;
}

/**
 * Logarithm of the absolute value of the gamma function. Integers become float32.
 *
 * @example log(4!)
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { Device, lgamma, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * assertAlmostEquals(lgamma(tensor(5, { device })).item(), Math.log(24), 1e-6);
 * ```
 */
export function lgamma(x: Tensor): Tensor {
  checkCall("lgamma", arguments, "x");
  return x.apply(LGAMMA(), NO_SCALARS);
}

/** Derivative of {@linkcode lgamma}; NaN at the negative integers. Integers become float32. */
export function digamma(x: Tensor): Tensor {
  checkCall("digamma", arguments, "x");
  return x.apply(DIGAMMA(), NO_SCALARS);
}

/** The `n`-th derivative of {@linkcode digamma}; `polygamma(1, x)` is the trigamma function. Integers become float32. */
export function polygamma(n: number, x: Tensor): Tensor {
  checkCall("polygamma", arguments, "dx");
  return x.apply(polygammaOf(n), NO_SCALARS);
}

/**
 * Logarithm of the multivariate gamma function of dimension `p`: defined where `x` is above `(p - 1) / 2`. Integers
 * become float32.
 */
export function mvlgamma(x: Tensor, p: number): Tensor {
  checkCall("mvlgamma", arguments, "xd");
  if (!Number.isInteger(p) || p < 1) {
    throw new RangeError(`Cannot apply mvlgamma() as p must be an integer from 1 on: current p is ${p}`);
  }
  const constant = p * (p - 1) / 4 * Math.log(Math.PI);
  return accumulated([x], (x) => {
    let sum = lgamma(x).add(constant);
    for (let i = 1; i < p; i++) sum = sum.add(lgamma(x.sub(i / 2)));
    return sum;
  }, "mvlgamma");
}

/** See {@linkcode mvlgamma}: PyTorch's name for it in `torch.special`. */
export function multigammaln(x: Tensor, p: number): Tensor {
  checkCall("multigammaln", arguments, "xd");
  return mvlgamma(x, p);
}

/** {@linkcode lgamma} in the place of `x`. */
export function lgamma_(x: Tensor): Tensor {
  checkCall("lgamma_", arguments, "x");
  return x.applyInto(LGAMMA(), NO_SCALARS, x);
}

/** {@linkcode digamma} in the place of `x`. */
export function digamma_(x: Tensor): Tensor {
  checkCall("digamma_", arguments, "x");
  return x.applyInto(DIGAMMA(), NO_SCALARS, x);
}

/** {@linkcode polygamma} in the place of `x`. */
export function polygamma_(x: Tensor, n: number): Tensor {
  checkCall("polygamma_", arguments, "xd");
  return x.applyInto(polygammaOf(n), NO_SCALARS, x);
}

/** {@linkcode mvlgamma} in the place of `x`. */
export function mvlgamma_(x: Tensor, p: number): Tensor {
  checkCall("mvlgamma_", arguments, "xd");
  return inPlaceOf(x, (given) => mvlgamma(given, p));
}
