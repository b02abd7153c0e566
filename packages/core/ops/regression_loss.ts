/** Losses of numbers against numbers. */
import { slope } from "../expr/derivative.ts";
import * as e from "../expr/expr.ts";
import { sameShape, showShape } from "../shape.ts";
import { tidySync } from "../scope.ts";
import type { Tensor } from "../tensor.ts";
import { applyLoss, type Loss, lossOp, type LossOptions } from "./loss.ts";

const [X, Y, A] = [e.input(0), e.input(1), e.scalar(0)];
const DIFFERENCE = e.sub(X, Y);
const DISTANCE = e.abs(DIFFERENCE);

const MSE: Loss = lossOp("mseLoss", e.square(DIFFERENCE));
const L1: Loss = lossOp("l1Loss", DISTANCE);
const SMOOTH_L1: Loss = lossOp(
  "smoothL1Loss",
  e.where(
    e.less(DISTANCE, A),
    e.div(e.mul(0.5, e.square(DIFFERENCE)), A),
    e.sub(DISTANCE, e.mul(0.5, A)),
  ),
);
const HUBER: Loss = lossOp(
  "huberLoss",
  e.where(
    e.lessEqual(DISTANCE, A),
    e.mul(0.5, e.square(DIFFERENCE)),
    e.mul(A, e.sub(DISTANCE, e.mul(0.5, A))),
  ),
);
// log(y!) by Stirling's formula, left out for counts up to 1
const STIRLING = e.where(
  e.lessEqual(Y, 1),
  0,
  e.add(e.sub(e.mul(Y, e.log(Y)), Y), e.mul(0.5, e.log(e.mul(2 * Math.PI, Y)))),
);

/** The loss of rates, without and with the part that the target alone decides. */
const poisson = (expr: e.Expr): Readonly<Record<"short" | "full", Loss>> => ({
  short: lossOp("poissonNllLoss", expr),
  full: lossOp("poissonNllLoss", e.add(expr, STIRLING)),
});
const POISSON_LOG = poisson(e.sub(e.exp(X), e.mul(Y, X)));
const POISSON = poisson(e.sub(X, e.mul(Y, e.log(e.add(X, A)))));

const gaussian = (variance: e.Expr): e.Expr =>
  e.add(e.mul(0.5, e.add(e.log(variance), e.div(e.square(DIFFERENCE), variance))), e.scalar(1));
const atLeast = (expr: e.Expr): e.Expr =>
  e.substitute(expr, (i) => i === 2 ? e.max(e.input(2), A) : e.input(i));
// The gradient of a variance that was raised to eps is that at eps.
const GAUSSIAN: Loss = lossOp(
  "gaussianNllLoss",
  atLeast(gaussian(e.input(2))),
  [0, 1, 2].map((i) => atLeast(slope(gaussian(e.input(2)), i)!)),
);

/**
 * `(x - target)^2`. Shapes broadcast.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, mseLoss, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([1, 2], { device }), target = tensor([1, 4], { device });
 * assertEquals(mseLoss(x, target).item(), 2);
 * assertEquals(mseLoss(x, target, { reduction: "none" }).tolist(), [0, 4]);
 * ```
 */
export function mseLoss(x: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  return applyLoss(MSE, [x, target], options);
}

/** `|x - target|`. Shapes broadcast. */
export function l1Loss(x: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  return applyLoss(L1, [x, target], options);
}

/** Options of {@linkcode smoothL1Loss}. */
export interface SmoothL1LossOptions extends LossOptions {
  /** Where the square gives way to the line; 1 by default. */
  readonly beta?: number;
}

/** `(x - target)^2 / (2 beta)` below `beta`, else `|x - target| - beta / 2` (Girshick 2015, arXiv:1504.08083). */
export function smoothL1Loss(
  x: Tensor,
  target: Tensor,
  { beta = 1, ...rest }: SmoothL1LossOptions = {},
): Tensor {
  if (!(beta >= 0)) {
    throw new RangeError(`Cannot apply smoothL1Loss() as beta must not be negative: current beta is ${beta}`);
  }
  return beta === 0 ? l1Loss(x, target, rest) : applyLoss(SMOOTH_L1, [x, target], rest, beta);
}

/** Options of {@linkcode huberLoss}. */
export interface HuberLossOptions extends LossOptions {
  /** Where the square gives way to the line; 1 by default. */
  readonly delta?: number;
}

/** `(x - target)^2 / 2` up to `delta`, else `delta * (|x - target| - delta / 2)` (Huber 1964). */
export function huberLoss(x: Tensor, target: Tensor, { delta = 1, ...rest }: HuberLossOptions = {}): Tensor {
  if (!(delta > 0)) {
    throw new RangeError(`Cannot apply huberLoss() as delta must be above 0: current delta is ${delta}`);
  }
  return applyLoss(HUBER, [x, target], rest, delta);
}

/** Options of {@linkcode poissonNllLoss}. */
export interface PoissonNllLossOptions extends LossOptions {
  /** Whether `x` is the logarithm of the rate; true by default. */
  readonly logInput?: boolean;
  /** Whether to add what the target alone decides, `log(target!)` by Stirling's formula where it is above 1; false by default. */
  readonly full?: boolean;
  /** Added to the rate before its logarithm is taken; 1e-8 by default. */
  readonly eps?: number;
}

/** `exp(x) - target * x`, the rate of a Poisson process by its logarithm; `x - target * log(x + eps)` by itself. */
export function poissonNllLoss(
  x: Tensor,
  target: Tensor,
  { logInput = true, full = false, eps = 1e-8, ...rest }: PoissonNllLossOptions = {},
): Tensor {
  const form = full ? "full" : "short";
  return logInput
    ? applyLoss(POISSON_LOG[form], [x, target], rest)
    : applyLoss(POISSON[form], [x, target], rest, eps);
}

/** Options of {@linkcode gaussianNllLoss}. */
export interface GaussianNllLossOptions extends LossOptions {
  /** Add `log(2 pi) / 2`. */
  readonly full?: boolean;
  /** Least variance; 1e-6 by default. */
  readonly eps?: number;
}

/**
 * `(log v + (x - target)^2 / v) / 2` with `v = max(variance, eps)` (Nix and Weigend 1994). The gradient of a variance
 * below `eps` is that at `eps`.
 *
 * @param variance A number, or of the shape of `x`, or with extent 1 along the last axis, or without it.
 * @throws {RangeError} If it has another shape.
 */
export function gaussianNllLoss(
  x: Tensor,
  target: Tensor,
  variance: Tensor | number,
  { full = false, eps = 1e-6, ...rest }: GaussianNllLossOptions = {},
): Tensor {
  if (typeof variance === "number") {
    return tidySync(() => {
      const all = x.newFull(x.shape, variance);
      return gaussianNllLoss(x, target, all, { full, eps, ...rest });
    });
  }
  const { shape } = x, lead = shape.slice(0, -1), ofRows = x.ndim > 0 && sameShape(variance.shape, lead);
  if (!ofRows && ![shape, [...lead, 1]].some((fits) => sameShape(variance.shape, fits))) {
    throw new RangeError(
      `Cannot apply gaussianNllLoss() as the variance must have the shape of x, or have extent 1 along its last axis, ` +
        `or not have that axis: current shapes are ${showShape(variance.shape)} and ${showShape(shape)}`,
    );
  }
  const constant = full ? 0.5 * Math.log(2 * Math.PI) : 0;
  return tidySync(() => {
    const spread = ofRows && !sameShape(variance.shape, shape) ? variance.unsqueeze(-1) : variance;
    return applyLoss(GAUSSIAN, [x, target, spread], rest, eps, constant);
  });
}
