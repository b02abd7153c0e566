/** Normalization over all samples. */
import * as e from "../../expr/expr.ts";
import type { FusedOp } from "../../op.ts";
import { showShape, sizeOf } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { elementwise, type ElementwiseOp } from "../base/elementwise.ts";
import { normalized, withAffine } from "./affine.ts";
import { standardize, type StandardizeParams } from "./standardize.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** x [n, c, s], each channel for itself. */
const BATCH_NORM: FusedOp<StandardizeParams> = standardize({
  name: "batchNorm",
  gradName: "nativeBatchNorm",
  kernel: (eps) => ({ kernel: "batchNorm", eps }),
  gradKernel: { kernel: "batchNormGrad" },
  axes: [0, 2],
  statAxis: 1,
  affineAxis: 1,
});

const [X, MEAN, VARIANCE, WEIGHT, BIAS] = [0, 1, 2, 3, 4].map(e.input) as [
  e.Expr,
  e.Expr,
  e.Expr,
  e.Expr,
  e.Expr,
];
const UNIT = e.mul(e.sub(X, MEAN), e.rsqrt(e.add(VARIANCE, e.scalar(0))));
const KNOWN: ElementwiseOp = elementwise({
  name: "batchNorm",
  gradName: "nativeBatchNorm",
  kind: "float",
  expr: UNIT,
});
const KNOWN_AFFINE: ElementwiseOp = elementwise({
  name: "batchNorm",
  gradName: "nativeBatchNorm",
  kind: "float",
  expr: e.add(e.mul(UNIT, WEIGHT), BIAS),
});

/** A running value moved toward what `value` makes of the batch's own; no tape hears of it. */
const moving = (name: string, value: e.Expr): ElementwiseOp => ({
  ...elementwise({
    name,
    kind: "float",
    expr: e.add(e.input(0), e.mul(e.scalar(0), e.sub(value, e.input(0)))),
  }),
  differentiable: false,
});
const RUNNING_MEAN: ElementwiseOp = moving("runningMean", e.input(1));
// 1 / invStd^2 - eps, times m / (m - 1): the unbiased variance.
const RUNNING_VARIANCE: ElementwiseOp = moving(
  "runningVariance",
  e.mul(e.max(e.sub(e.reciprocal(e.square(e.input(1))), e.scalar(1)), 0), e.scalar(2)),
);

/** Options of {@linkcode batchNorm}. */
export interface BatchNormOptions {
  /** Normalize by the batch's own mean and variance, and move the running ones toward them. */
  readonly training?: boolean;
  /** How far the running ones move; 0.1 by default. */
  readonly momentum?: number;
  /** Added to the variance; 1e-5 by default. */
  readonly eps?: number;
}
const BATCH_NORM_OPTIONS: OptionKeys<BatchNormOptions> = { training: true, momentum: true, eps: true };

/**
 * `(x - mean) / sqrt(variance + eps) * weight + bias` for each channel (Ioffe
 * and Szegedy 2015, arXiv:1502.03167): by the mean and biased variance of the
 * batch in training, or where no running ones are given, else by the running
 * ones. Training moves these in place; the variance they take in is unbiased.
 *
 * @param x `[n, c]` or `[n, c, ...]`
 * @param runningMean `[c]`, or null.
 * @param runningVar `[c]`, or null.
 * @param weight `[c]`, or null.
 * @param bias `[c]`, or null.
 * @throws {RangeError} If the shapes do not fit, or a channel has but one value in training.
 */
export function batchNorm(
  x: Tensor,
  runningMean: Tensor | null = null,
  runningVar: Tensor | null = null,
  weight: Tensor | null = null,
  bias: Tensor | null = null,
  options?: BatchNormOptions,
): Tensor {
  checkCall("batchNorm", arguments, "xXXXX.");
  const { training = false, momentum = 0.1, eps = 1e-5 } = readOptions(
    "batchNorm()",
    options,
    BATCH_NORM_OPTIONS,
  );
  const [n, c] = x.shape, given = [runningMean, runningVar, weight, bias].filter((t) => t !== null);
  if (x.ndim < 2 || given.some((t) => t.ndim !== 1 || t.shape[0] !== c)) {
    throw new RangeError(
      `Cannot apply batchNorm() as shapes must be [n, c, ...] and [c]: ` +
        `current shapes are ${[x, ...given].map((t) => showShape(t.shape)).join(", ")}`,
    );
  }
  const channels = [1, c!, ...x.shape.slice(2).map(() => 1)];
  return normalized(
    "batchNorm",
    x,
    weight,
    bias,
    (weight === null) === (bias === null),
    (x, weight, bias) => {
      const perChannel = (t: Tensor) => t.reshape(channels);
      const affine = weight && bias ? [weight, bias] : [];
      let y: Tensor;
      if (!training && runningMean && runningVar) {
        const op = affine.length > 0 ? KNOWN_AFFINE : KNOWN;
        // Of the type of x, in whatever type the running ones are kept.
        y = x.apply(op, { scalars: [eps] }, ...[runningMean, runningVar, ...affine].map(perChannel)).to(
          x.dtype,
        );
      } else {
        const spatial = sizeOf(x.shape.slice(2)), count = n! * spatial;
        if (training && count < 2) {
          throw new RangeError(
            `Cannot apply batchNorm() as training needs more than one value for each channel: ` +
              `current shape is ${showShape(x.shape)}`,
          );
        }
        const input = x.ndim === 3 ? x : x.reshape([n!, c!, spatial]);
        const outputs = input.applyAll(BATCH_NORM, { eps, affine: affine.length > 0 }, ...affine);
        if (training) {
          const [, mean, invStd] = outputs;
          runningMean?.applyInto(RUNNING_MEAN, { scalars: [momentum] }, runningMean, mean!);
          const scalars = [momentum, eps, count / (count - 1)];
          runningVar?.applyInto(RUNNING_VARIANCE, { scalars }, runningVar, invStd!);
        }
        y = x.ndim === 3 ? outputs[0]! : outputs[0]!.reshape(x.shape);
      }
      if (affine.length > 0) return y;
      return withAffine(y, weight && perChannel(weight), bias && perChannel(bias));
    },
  );
}
