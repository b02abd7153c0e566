/** Likelihoods of numbers under a distribution whose parameters are predicted. */
import * as e from "../../expr/expr.ts";
import { sameShape, showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { type ElementCheck, elementCheck } from "../base/refuse.ts";
import { applyBroadcast, applyLoss, type Loss, lossOp, type LossOptions } from "./loss.ts";
import { checkTarget } from "./loss_shapes.ts";
import { called } from "../base/called.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

const [X, Y, VARIANCE, A] = [e.input(0), e.input(1), e.input(2), e.scalar(0)];

// Stirling's approximation of log(y!), which counts for y above 1; its slope at 0 is NaN, as PyTorch has it.
const STIRLING = e.add(
  e.sub(e.mul(Y, e.log(Y)), Y),
  e.mul(0.5, e.log(e.mul(2 * Math.PI, Y))),
);
const STIRLING_SLOPE = e.where(
  e.less(1, Y),
  e.add(e.log(Y), e.div(0.5, Y)),
  e.mul(0, e.log(Y)),
);
const LOG_RATE = e.log(e.add(X, A));
const poisson = (expr: e.Expr, slopeX: e.Expr, slopeY: e.Expr, full: boolean): Loss =>
  full
    ? lossOp("poissonNllLoss", e.add(expr, e.where(e.lessEqual(Y, 1), 0, STIRLING)), [
      slopeX,
      e.add(slopeY, STIRLING_SLOPE),
    ])
    : lossOp("poissonNllLoss", expr);
const [POISSON_LOG, POISSON_LOG_FULL] = [false, true].map((full) =>
  poisson(e.sub(e.exp(X), e.mul(Y, X)), e.sub(e.exp(X), Y), e.neg(X), full)
) as [Loss, Loss];
const [POISSON, POISSON_FULL] = [false, true].map((full) =>
  poisson(e.sub(X, e.mul(Y, LOG_RATE)), e.sub(1, e.div(Y, e.add(X, A))), e.neg(LOG_RATE), full)
) as [Loss, Loss];

const DIFFERENCE = e.sub(X, Y);
const HELD = e.max(VARIANCE, A);
const RATIO = e.div(DIFFERENCE, HELD);
const GAUSSIAN: Loss = lossOp(
  "gaussianNllLoss",
  e.add(e.mul(0.5, e.add(e.log(HELD), e.div(e.square(DIFFERENCE), HELD))), e.scalar(1)),
  // The variance is held above eps, and its slope is the one there.
  [RATIO, e.neg(RATIO), e.mul(0.5, e.sub(e.reciprocal(HELD), e.square(RATIO)))],
);

const CHECK: ElementCheck = elementCheck("gaussianNllLoss", e.less(X, 0));

/** Options of {@linkcode poissonNllLoss}. */
export interface PoissonNllLossOptions extends LossOptions {
  /** Whether `x` is the logarithm of the rate; true by default. */
  readonly logInput?: boolean;
  /** Add Stirling's approximation of `log(target!)` where the target is above 1. */
  readonly full?: boolean;
  /** Added to the rate before its logarithm is taken; 1e-8 by default. */
  readonly eps?: number;
}
const POISSON_NLL_LOSS_OPTIONS: OptionKeys<PoissonNllLossOptions> = {
  logInput: true,
  full: true,
  eps: true,
  reduction: true,
};

/** `exp(x) - target * x`, the rate of a Poisson process by its logarithm; `x - target * log(x + eps)` by itself. */
export function poissonNllLoss(
  x: Tensor,
  target: Tensor,
  options?: PoissonNllLossOptions,
): Tensor {
  checkCall("poissonNllLoss", arguments, "xx.");
  const { logInput = true, full = false, eps = 1e-8, ...rest } = readOptions(
    "poissonNllLoss()",
    options,
    POISSON_NLL_LOSS_OPTIONS,
  );
  if (logInput) return applyLoss(full ? POISSON_LOG_FULL : POISSON_LOG, [x, target], rest);
  return applyLoss(full ? POISSON_FULL : POISSON, [x, target], rest, eps);
}

/** Options of {@linkcode gaussianNllLoss}. */
export interface GaussianNllLossOptions extends LossOptions {
  /** Add `log(2 pi) / 2`. */
  readonly full?: boolean;
  /** Least variance; 1e-6 by default. */
  readonly eps?: number;
}
const GAUSSIAN_NLL_LOSS_OPTIONS: OptionKeys<GaussianNllLossOptions> = {
  full: true,
  eps: true,
  reduction: true,
};

/**
 * `(log v + (x - target)^2 / v) / 2` with `v = max(variance, eps)` (Nix and Weigend 1994). The gradient of the variance
 * is that of `v`.
 *
 * @param target Of the shape of `x`, but for one axis which may have extent 1.
 * @param variance A number, or of the shape of `x`, but for one axis which may have extent 1; or that shape without its last axis.
 * @throws {RangeError} If target or variance have another shape, or the variance negative elements; what the device
 * alone can see is thrown when something is read.
 */
export function gaussianNllLoss(
  x: Tensor,
  target: Tensor,
  variance: Tensor | number,
  options?: GaussianNllLossOptions,
): Tensor {
  checkCall("gaussianNllLoss", arguments, "xxn.");
  const { full = false, eps = 1e-6, ...rest } = readOptions(
    "gaussianNllLoss()",
    options,
    GAUSSIAN_NLL_LOSS_OPTIONS,
  );
  if (!isStretched(target, x)) checkTarget("gaussianNllLoss", x, target);
  const constant = full ? 0.5 * Math.log(2 * Math.PI) : 0;
  return called("gaussianNllLoss", [x, target, variance], () => {
    const aligned = typeof variance === "number"
      ? x.newFull(x.shape, variance)
      : alignedVariance(x, variance);
    CHECK(aligned);
    return applyBroadcast(GAUSSIAN, [x, target, aligned], rest, eps, constant);
  });
}

/** Returns true if `t` has the shape of `x` but for one axis, which has extent 1. */
function isStretched(t: Tensor, x: Tensor): boolean {
  const others = t.shape.filter((extent, i) => extent !== x.shape[i]);
  return t.ndim === x.ndim && others.length === 1 && others[0] === 1;
}

/** The variance with an axis for each of `x`. */
function alignedVariance(x: Tensor, variance: Tensor): Tensor {
  if (sameShape(x.shape, variance.shape)) return variance;
  if (x.ndim > 0 && sameShape(x.shape.slice(0, -1), variance.shape)) return variance.unsqueeze(-1);
  if (isStretched(variance, x)) return variance;
  throw new RangeError(
    `Cannot apply gaussianNllLoss() as the variance must have the shape of the prediction, with extent 1 along one ` +
      `axis at most or without the last: current shapes are ${showShape(x.shape)} and ${
        showShape(variance.shape)
      }`,
  );
}
