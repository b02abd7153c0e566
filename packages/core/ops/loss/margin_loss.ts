/** Losses that are content with a margin. */
import * as e from "../../expr/expr.ts";
import { tidySync } from "../../scope.ts";
import { broadcastShapes, showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { accumulated } from "../base/accumulated.ts";
import { elementwise, type ElementwiseOp, NO_SCALARS } from "../base/elementwise.ts";
import { pairwiseDistance } from "../linear/distance.ts";
import { asIndices } from "../base/indices.ts";
import {
  applyBroadcast,
  applyLoss,
  checkReduction,
  type Loss,
  lossOp,
  type LossOptions,
  reduced,
} from "./loss.ts";
import { checkTarget } from "./loss_shapes.ts";
import { called } from "../base/called.ts";
import { withClasses } from "./class_error.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

const [X, Y, Z, MARGIN] = [e.input(0), e.input(1), e.input(2), e.scalar(0)];
// As PyTorch's clamp: the slope at the kink is 1, and 0 at NaN, which stays.
const positivePart = (x: e.Expr): e.Expr =>
  e.where(e.lessEqual(0, x), x, e.where(e.less(x, 0), 0, e.trunc(x)));
const unless = (value: number, x: e.Expr): e.Expr => e.where(e.equal(Y, value), 0, x);

const HINGE_EMBEDDING: Loss = lossOp(
  "hingeEmbeddingLoss",
  e.add(unless(1, positivePart(e.sub(MARGIN, X))), unless(-1, X)),
);
const MARGIN_RANKING: Loss = lossOp(
  "marginRankingLoss",
  positivePart(e.add(e.mul(e.neg(Z), e.sub(X, Y)), MARGIN)),
);
const COSINE_EMBEDDING: Loss = lossOp(
  "cosineEmbeddingLoss",
  e.where(e.equal(Y, 1), e.sub(1, X), e.where(e.equal(Y, -1), positivePart(e.sub(X, MARGIN)), 0)),
);
/** The op of the positive part `max(x, 0)`; 0 for NaN. */
export const POSITIVE: ElementwiseOp = elementwise({
  name: "positivePart",
  kind: "same",
  expr: e.where(e.less(0, X), X, 0),
});
const TRIPLET: Loss = lossOp("tripletMarginLoss", positivePart(e.add(e.sub(X, Y), MARGIN)));

/** Options of losses with a margin. */
export interface MarginLossOptions extends LossOptions {
  /** How far is far enough. */
  readonly margin?: number;
}
const MARGIN_LOSS_OPTIONS: OptionKeys<MarginLossOptions> = { margin: true, reduction: true };

/** `x` where the target is 1, `max(0, margin - x)` where it is -1; margin 1 by default. */
export function hingeEmbeddingLoss(
  x: Tensor,
  target: Tensor,
  options?: MarginLossOptions,
): Tensor {
  checkCall("hingeEmbeddingLoss", arguments, "xx.");
  const { margin = 1, ...rest } = readOptions("hingeEmbeddingLoss()", options, MARGIN_LOSS_OPTIONS);
  return applyLoss(HINGE_EMBEDDING, [x, target], rest, margin);
}

/** `max(0, -target * (a - b) + margin)`: 1 where `a` should be larger, -1 where `b` should; margin 0 by default. */
export function marginRankingLoss(
  a: Tensor,
  b: Tensor,
  target: Tensor,
  options?: MarginLossOptions,
): Tensor {
  checkCall("marginRankingLoss", arguments, "xxx.");
  const { margin = 0, ...rest } = readOptions("marginRankingLoss()", options, MARGIN_LOSS_OPTIONS);
  checkTarget("marginRankingLoss", a, b);
  checkTarget("marginRankingLoss", a, target);
  return applyBroadcast(MARGIN_RANKING, [a, b, target], rest, margin);
}

/**
 * `1 - cos(a, b)` where the target is 1, `max(0, cos(a, b) - margin)` where it is -1; margin 0 by default.
 *
 * @param a `[n, d]`, or `[d]`; `b` broadcasts against it.
 * @param target `[n]`, or `[]`.
 * @throws {RangeError} If the shapes do not fit.
 */
export function cosineEmbeddingLoss(
  a: Tensor,
  b: Tensor,
  target: Tensor,
  options?: MarginLossOptions,
): Tensor {
  checkCall("cosineEmbeddingLoss", arguments, "xxx.");
  const { margin = 0, ...rest } = readOptions("cosineEmbeddingLoss()", options, MARGIN_LOSS_OPTIONS);
  if (target.ndim > 1 || a.ndim !== target.ndim + 1 || b.ndim !== target.ndim + 1) {
    throw new RangeError(
      `Cannot apply cosineEmbeddingLoss() as shapes must be [n, d], [n, d] and [n], or [d], [d] and []: ` +
        `current shapes are ${[a, b, target].map((t) => showShape(t.shape)).join(", ")}`,
    );
  }
  return accumulated([a, b], (a, b) => {
    // Squares of lengths, not lengths, are held away from 0.
    broadcastShapes("cosineEmbeddingLoss", a.shape, b.shape);
    const product = a.mul(b).sum(-1), squares = [a, b].map((t) => t.square().sum(-1).add(1e-12));
    const cosine = product.div(squares[0]!.mul(squares[1]!).sqrt());
    return applyBroadcast(COSINE_EMBEDDING, [cosine, target], rest, margin);
  }, "cosineEmbeddingLoss");
}

/** Options of {@linkcode tripletMarginLoss}. */
export interface TripletMarginLossOptions extends MarginLossOptions {
  /** Exponent of the norm; 2 by default. */
  readonly p?: number;
  /** Added to each difference; 1e-6 by default. */
  readonly eps?: number;
  /** Take the distance of the negative from the positive where it is smaller. */
  readonly swap?: boolean;
}
const TRIPLET_MARGIN_LOSS_OPTIONS: OptionKeys<TripletMarginLossOptions> = {
  margin: true,
  p: true,
  eps: true,
  swap: true,
  reduction: true,
};

/** `max(0, |anchor - positive| - |anchor - negative| + margin)` (Balntas et al. 2016); margin 1 by default. All `[n, d]`. */
export function tripletMarginLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  options?: TripletMarginLossOptions,
): Tensor {
  checkCall("tripletMarginLoss", arguments, "xxx.");
  const { margin = 1, p = 2, eps = 1e-6, swap = false, ...rest } = readOptions(
    "tripletMarginLoss()",
    options,
    TRIPLET_MARGIN_LOSS_OPTIONS,
  );
  checkTriplet("tripletMarginLoss", anchor, positive, negative);
  return accumulated([anchor, positive, negative], (anchor, positive, negative) => {
    const between = (a: Tensor, b: Tensor) => pairwiseDistance(a, b, { p, eps });
    const near = between(anchor, positive);
    let far = between(anchor, negative);
    if (swap) far = far.minimum(between(positive, negative));
    return applyBroadcast(TRIPLET, [near, far], rest, margin);
  }, "tripletMarginLoss");
}

function checkTriplet(op: string, ...vectors: readonly Tensor[]): void {
  if (vectors.every((t) => t.ndim === vectors[0]!.ndim)) return;
  throw new RangeError(
    `Cannot apply ${op}() as anchor, positive and negative must have as many axes: ` +
      `current shapes are ${vectors.map((t) => showShape(t.shape)).join(", ")}`,
  );
}

/** Options of {@linkcode tripletMarginWithDistanceLoss}. */
export interface TripletMarginWithDistanceLossOptions extends MarginLossOptions {
  /** How far two tensors are from each other; {@linkcode pairwiseDistance} by default. */
  readonly distanceFunction?: (a: Tensor, b: Tensor) => Tensor;
  /** Take the distance of the negative from the positive where it is smaller. */
  readonly swap?: boolean;
}
const TRIPLET_MARGIN_WITH_DISTANCE_LOSS_OPTIONS: OptionKeys<TripletMarginWithDistanceLossOptions> = {
  distanceFunction: true,
  margin: true,
  swap: true,
  reduction: true,
};

/** {@linkcode tripletMarginLoss} with distances of any kind; margin 1 by default. */
export function tripletMarginWithDistanceLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  options?: TripletMarginWithDistanceLossOptions,
): Tensor {
  checkCall("tripletMarginWithDistanceLoss", arguments, "xxx.");
  const { margin = 1, distanceFunction = pairwiseDistance, swap = false, ...rest } = readOptions(
    "tripletMarginWithDistanceLoss()",
    options,
    TRIPLET_MARGIN_WITH_DISTANCE_LOSS_OPTIONS,
  );
  checkTriplet("tripletMarginWithDistanceLoss", anchor, positive, negative);
  const loss = (anchor: Tensor, positive: Tensor, negative: Tensor) => {
    const near = distanceFunction(anchor, positive);
    let far = distanceFunction(anchor, negative);
    if (swap) far = far.minimum(distanceFunction(positive, negative));
    return applyBroadcast(TRIPLET, [near, far], rest, margin);
  };
  // A function of the caller's is given what the caller gave.
  return distanceFunction === pairwiseDistance
    ? accumulated([anchor, positive, negative], loss)
    : tidySync(() => loss(anchor, positive, negative));
}

/** Options of {@linkcode multiMarginLoss}. */
export interface MultiMarginLossOptions extends MarginLossOptions {
  /** Exponent of each part: 1, the default, or 2. */
  readonly p?: number;
  /** Factor of each class `[c]`. */
  readonly weight?: Tensor | null;
}
const MULTI_MARGIN_LOSS_OPTIONS: OptionKeys<MultiMarginLossOptions> = {
  p: true,
  margin: true,
  weight: true,
  reduction: true,
};

/**
 * The sum over the wrong classes of `max(0, margin - x[target] + x[i])^p / c`; margin 1 by default.
 *
 * @param x `[n, c]`, or `[c]` of one sample.
 * @param target Classes `[n]`, or `[]` or `[1]` of one sample; integers.
 */
export function multiMarginLoss(
  x: Tensor,
  target: Tensor,
  options?: MultiMarginLossOptions,
): Tensor {
  checkCall("multiMarginLoss", arguments, "xx.");
  const { margin = 1, p = 1, weight, reduction = "mean" } = readOptions(
    "multiMarginLoss()",
    options,
    MULTI_MARGIN_LOSS_OPTIONS,
  );
  checkReduction("multiMarginLoss", reduction);
  if (p !== 1 && p !== 2) {
    throw new RangeError(`Cannot apply multiMarginLoss() as p must be 1 or 2: current p is ${p}`);
  }
  if (x.ndim === 1 && target.numel() === 1 && target.ndim < 2) {
    return called("multiMarginLoss", [x, target], () => {
      const loss = multiMarginLoss(x.unsqueeze(0), target.reshape([1]), {
        margin,
        p,
        reduction,
        ...(weight && { weight }),
      });
      return loss.reshape(reduction === "none" ? target.shape : []);
    });
  }
  if (x.ndim !== 2 || target.ndim !== 1 || target.shape[0] !== x.shape[0]) {
    throw new RangeError(
      `Cannot apply multiMarginLoss() as shapes must be [n, c] and [n], or [c] and []: ` +
        `current shapes are ${showShape(x.shape)} and ${showShape(target.shape)}`,
    );
  }
  if (weight && (weight.ndim !== 1 || weight.shape[0] !== x.shape[1])) {
    throw new RangeError(
      `Cannot apply multiMarginLoss() as weight must be [c]: ` +
        `current shapes are ${showShape(weight.shape)} and ${showShape(x.shape)}`,
    );
  }
  const run = (): Tensor =>
    accumulated([x, weight], (x, weight) => {
      const classes = asIndices("multiMarginLoss", "target", target);
      const column = classes.unsqueeze(1), own = x.gather(1, column);
      let excess = x.sub(own).add(margin).apply(POSITIVE, NO_SCALARS);
      if (p === 2) excess = excess.square();
      if (weight) excess = excess.mul(weight.gather(0, classes).unsqueeze(1));
      return reduced(excess.scatter(1, column, 0).sum(1).div(x.shape[1]!), reduction);
    }, "multiMarginLoss");
  return withClasses("multiMarginLoss", { target, count: x.shape[1]! }, run);
}
