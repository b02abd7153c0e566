/** Losses of two classes. */
import * as e from "../../expr/expr.ts";
import type { Tensor } from "../../tensor.ts";
import { accumulated } from "../base/accumulated.ts";
import { type ElementCheck, elementCheck } from "../base/refuse.ts";
import { applyLoss, type Loss, LOSS_OPTIONS, lossOp, type LossOptions, reduced } from "./loss.ts";
import { checkTarget } from "./loss_shapes.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

const [X, Y, Z] = [e.input(0), e.input(1), e.input(2)];

// Logarithms are held above -100, as PyTorch does, so that the loss of certainty is finite.
const held = (log: e.Expr): e.Expr => e.where(e.less(log, -100), -100, log);
const bce = e.neg(e.add(e.mul(Y, held(e.log(X))), e.mul(e.sub(1, Y), held(e.log1p(e.neg(X))))));
// Bounded as PyTorch bounds it, where the logarithms' own slopes are infinite.
const bceSlope = e.div(e.sub(X, Y), e.max(e.mul(X, e.sub(1, X)), 1e-12));
// The target's slope is not held.
const bceTargetSlope = e.sub(e.log1p(e.neg(X)), e.log(X));
const isProbability = (x: e.Expr) => e.mul(e.lessEqual(0, x), e.lessEqual(x, 1));
const CHECK: ElementCheck = elementCheck(
  "binaryCrossEntropy",
  e.equal(e.mul(isProbability(X), isProbability(Y)), 0),
);
const BCE: Loss = lossOp("binaryCrossEntropy", bce, [bceSlope, bceTargetSlope]);
const BCE_WEIGHTED: Loss = lossOp("binaryCrossEntropy", e.mul(bce, Z), [
  e.mul(bceSlope, Z),
  e.mul(bceTargetSlope, Z),
]);

// (1 - y) x + softplus(-x), where softplus(-x) counts p times for y = 1.
const withLogits = (positive: e.Expr | number): e.Expr =>
  e.add(
    e.mul(e.sub(1, Y), X),
    e.mul(e.add(1, e.mul(e.sub(positive, 1), Y)), e.softplus(e.neg(X))),
  );
const plain = e.add(e.mul(e.sub(1, Y), X), e.softplus(e.neg(X)));
const LOGITS: Loss = lossOp("binaryCrossEntropyWithLogits", plain);
const LOGITS_WEIGHTED: Loss = lossOp("binaryCrossEntropyWithLogits", e.mul(plain, Z));
const LOGITS_POSITIVE: Loss = lossOp("binaryCrossEntropyWithLogits", withLogits(Z));
const LOGITS_BOTH: Loss = lossOp("binaryCrossEntropyWithLogits", e.mul(withLogits(Z), e.input(3)));
const SOFT_MARGIN: Loss = lossOp("softMarginLoss", e.softplus(e.neg(e.mul(X, Y))));

/** Options of {@linkcode binaryCrossEntropy}. */
export interface BinaryCrossEntropyOptions extends LossOptions {
  /** Factor of each loss; broadcasts. */
  readonly weight?: Tensor | null;
}
const BINARY_CROSS_ENTROPY_OPTIONS: OptionKeys<BinaryCrossEntropyOptions> = { weight: true, reduction: true };

/**
 * `-(target * log(x) + (1 - target) * log(1 - x))` of probabilities, logarithms not below -100.
 *
 * @throws {RangeError} If the shapes are not equal, or an element of either is outside of [0, 1]; what the device alone
 * can see is thrown when something is read.
 */
export function binaryCrossEntropy(
  x: Tensor,
  target: Tensor,
  options?: BinaryCrossEntropyOptions,
): Tensor {
  checkCall("binaryCrossEntropy", arguments, "xx.");
  const { weight, ...rest } = readOptions("binaryCrossEntropy()", options, BINARY_CROSS_ENTROPY_OPTIONS);
  checkTarget("binaryCrossEntropy", x, target);
  CHECK(x, target);
  return weight ? applyLoss(BCE_WEIGHTED, [x, target, weight], rest) : applyLoss(BCE, [x, target], rest);
}

/** Options of {@linkcode binaryCrossEntropyWithLogits}. */
export interface BinaryCrossEntropyWithLogitsOptions extends BinaryCrossEntropyOptions {
  /** Factor of the losses of positives; broadcasts. */
  readonly posWeight?: Tensor | null;
}
const BINARY_CROSS_ENTROPY_WITH_LOGITS_OPTIONS: OptionKeys<BinaryCrossEntropyWithLogitsOptions> = {
  weight: true,
  reduction: true,
  posWeight: true,
};

/** {@linkcode binaryCrossEntropy} of `sigmoid(x)`, exact for all x. */
export function binaryCrossEntropyWithLogits(
  x: Tensor,
  target: Tensor,
  options?: BinaryCrossEntropyWithLogitsOptions,
): Tensor {
  checkCall("binaryCrossEntropyWithLogits", arguments, "xx.");
  const { weight, posWeight, ...rest } = readOptions(
    "binaryCrossEntropyWithLogits()",
    options,
    BINARY_CROSS_ENTROPY_WITH_LOGITS_OPTIONS,
  );
  if (posWeight) {
    return weight
      ? applyLoss(LOGITS_BOTH, [x, target, posWeight, weight], rest)
      : applyLoss(LOGITS_POSITIVE, [x, target, posWeight], rest);
  }
  return weight
    ? applyLoss(LOGITS_WEIGHTED, [x, target, weight], rest)
    : applyLoss(LOGITS, [x, target], rest);
}

/** `log(1 + exp(-target * x))` for targets of 1 and -1. */
export function softMarginLoss(x: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  checkCall("softMarginLoss", arguments, "xx.");
  options = readOptions("softMarginLoss()", options, LOSS_OPTIONS);
  return applyLoss(SOFT_MARGIN, [x, target], options);
}

/** The mean over classes, the last axis, of {@linkcode binaryCrossEntropyWithLogits}: x and target `[..., c]`. */
export function multilabelSoftMarginLoss(
  x: Tensor,
  target: Tensor,
  options?: BinaryCrossEntropyOptions,
): Tensor {
  checkCall("multilabelSoftMarginLoss", arguments, "xx.");
  const { weight, reduction = "mean" } = readOptions(
    "multilabelSoftMarginLoss()",
    options,
    BINARY_CROSS_ENTROPY_OPTIONS,
  );
  if (x.ndim === 0) {
    throw new RangeError(
      "Cannot apply multilabelSoftMarginLoss() as there must be an axis of labels: current shape is []",
    );
  }
  return accumulated([x, target, weight], (x, target, weight) => {
    const options = { reduction: "none", ...(weight && { weight }) } as const;
    return reduced(binaryCrossEntropyWithLogits(x, target, options).mean(-1), reduction);
  }, "multilabelSoftMarginLoss");
}
