/** Losses of numbers against numbers. */
import * as e from "../../expr/expr.ts";
import type { Tensor } from "../../tensor.ts";
import { applyLoss, type Loss, LOSS_OPTIONS, lossOp, type LossOptions } from "./loss.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

const [X, Y, A] = [e.input(0), e.input(1), e.scalar(0)];
const DIFFERENCE = e.sub(X, Y);
const DISTANCE = e.abs(DIFFERENCE);

const MSE: Loss = lossOp("mseLoss", e.square(DIFFERENCE));
const L1: Loss = lossOp("l1Loss", DISTANCE);
const SMOOTH_L1: Loss = lossOp(
  "smoothL1Loss",
  // NaN goes the way of the square, so that its slope is NaN.
  e.where(
    e.lessEqual(A, DISTANCE),
    e.sub(DISTANCE, e.mul(0.5, A)),
    e.div(e.mul(0.5, e.square(DIFFERENCE)), A),
  ),
);
const HUBER: Loss = lossOp(
  "huberLoss",
  e.where(
    e.less(A, DISTANCE),
    e.mul(A, e.sub(DISTANCE, e.mul(0.5, A))),
    e.mul(0.5, e.square(DIFFERENCE)),
  ),
);

/**
 * `(x - target)^2`.
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
 *
 * @throws {RangeError} If the shapes are not equal.
 */
export function mseLoss(x: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  checkCall("mseLoss", arguments, "xx.");
  options = readOptions("mseLoss()", options, LOSS_OPTIONS);
  return applyLoss(MSE, [x, target], options);
}

/** `|x - target|` of equal shapes. */
export function l1Loss(x: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  checkCall("l1Loss", arguments, "xx.");
  options = readOptions("l1Loss()", options, LOSS_OPTIONS);
  return applyLoss(L1, [x, target], options);
}

/** Options of {@linkcode smoothL1Loss}. */
export interface SmoothL1LossOptions extends LossOptions {
  /** Where the square gives way to the line; 1 by default. */
  readonly beta?: number;
}
const SMOOTH_L1_LOSS_OPTIONS: OptionKeys<SmoothL1LossOptions> = { reduction: true, beta: true };

/** `(x - target)^2 / (2 beta)` below `beta`, else `|x - target| - beta / 2` (Girshick 2015, arXiv:1504.08083). */
export function smoothL1Loss(
  x: Tensor,
  target: Tensor,
  options?: SmoothL1LossOptions,
): Tensor {
  checkCall("smoothL1Loss", arguments, "xx.");
  const { beta = 1, ...rest } = readOptions("smoothL1Loss()", options, SMOOTH_L1_LOSS_OPTIONS);
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
const HUBER_LOSS_OPTIONS: OptionKeys<HuberLossOptions> = { reduction: true, delta: true };

/** `(x - target)^2 / 2` up to `delta`, else `delta * (|x - target| - delta / 2)` (Huber 1964). */
export function huberLoss(x: Tensor, target: Tensor, options?: HuberLossOptions): Tensor {
  checkCall("huberLoss", arguments, "xx.");
  const { delta = 1, ...rest } = readOptions("huberLoss()", options, HUBER_LOSS_OPTIONS);
  if (!(delta > 0)) {
    throw new RangeError(`Cannot apply huberLoss() as delta must be above 0: current delta is ${delta}`);
  }
  return applyLoss(HUBER, [x, target], rest, delta);
}
