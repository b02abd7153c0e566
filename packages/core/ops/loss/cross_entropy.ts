/** The loss of classification. */
import { computeType, type DType, isFloating } from "../../dtype.ts";
import { type Body, body } from "../../expr/body.ts";
import * as e from "../../expr/expr.ts";
import type { FusedOp, KernelOp } from "../../op.ts";
import { sameShape, showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { accumulated } from "../base/accumulated.ts";
import { asClasses } from "../base/indices.ts";
import { withClasses } from "./class_error.ts";
import { checkReduction, type LossOptions, reduced, type Reduction } from "./loss.ts";
import { checkClasses, weightsOf } from "./nll_loss.ts";
import { logSoftmax } from "../normalization/softmax.ts";
import { called } from "../base/called.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

interface RowParams {
  /** The class that counts for nothing. */
  readonly ignoreIndex: number;
}

interface CrossEntropyParams extends RowParams {
  readonly reduction: Reduction;
}

/** Classes with 0 for those that are ignored, and which these are. */
function kept(classes: Tensor, ignoreIndex: number): { safe: Tensor; ignored: Tensor } {
  const ignored = classes.eq(ignoreIndex);
  return { safe: classes.maskedFill(ignored, 0), ignored };
}

/** Logits [rows, n] and classes [rows] to losses [rows] and log-probabilities [rows, n]. */
const ROWS: FusedOp<RowParams> = {
  kind: "fused",
  name: "crossEntropyRows",
  infer: ([x, classes]) => [{ shape: classes!.shape, dtype: x!.dtype }, x!],
  kernel: (_inputs, _outputs, { ignoreIndex }) => ({ kernel: "crossEntropy", ignoreIndex }),
  composite([x, classes], { ignoreIndex }) {
    const y = logSoftmax(x!, 1), { safe, ignored } = kept(classes!, ignoreIndex);
    return [y.gather(1, safe.unsqueeze(1)).squeeze(1).neg().maskedFill(ignored, 0), y];
  },
};

/** g [rows], log-probabilities [rows, n] and classes [rows] to the gradient of the logits: (exp(y) - [class]) * g. */
const ROWS_GRAD: FusedOp<RowParams> = {
  kind: "fused",
  name: "crossEntropyGrad",
  infer: ([, y]) => [y!],
  kernel: (_inputs, _outputs, { ignoreIndex }) => ({ kernel: "crossEntropyGrad", ignoreIndex }),
  composite([g, y, classes], { ignoreIndex }) {
    const { safe, ignored } = kept(classes!, ignoreIndex);
    const share = g!.maskedFill(ignored, 0).unsqueeze(1);
    return y!.exp().mul(share).scatterAdd(1, safe.unsqueeze(1), share.neg());
  },
};

const COUNTED: Body = body(e.notEqual(e.input(0), e.scalar(0)));

/** Classes [rows] to how many of them count, as a number of the given type. */
const COUNT: KernelOp<RowParams & { readonly dtype: DType }> = {
  kind: "kernel",
  name: "countRows",
  differentiable: false,
  infer: (_, { dtype }) => [{ shape: [], dtype }],
  kernel: ([classes], _, { ignoreIndex, dtype }) => ({
    kernel: "reduce",
    op: "sum",
    body: COUNTED,
    compute: computeType(dtype),
    scalars: [ignoreIndex],
    shape: classes!.shape,
    axes: [0],
  }),
};

/**
 * g [], log-probabilities [rows, n], classes [rows] and, for the mean, the number of rows that count to the
 * gradient of the logits.
 */
const LOSS_GRAD: FusedOp<RowParams> = {
  kind: "fused",
  name: "crossEntropyGrad",
  infer: ([, y]) => [y!],
  kernel: (_inputs, _outputs, { ignoreIndex }) => ({ kernel: "crossEntropyLossGrad", ignoreIndex }),
  composite([g, y, classes, count], params) {
    const share = count ? g!.div(count) : g!;
    return share.expand(classes!.shape).apply(ROWS_GRAD, params, y!, classes!);
  },
};

/** Logits [rows, n] and classes [rows] to the loss, the log-probabilities and, for the mean, the number of rows that count. */
const CROSS_ENTROPY: FusedOp<CrossEntropyParams> = {
  kind: "fused",
  name: "crossEntropy",
  infer: ([x, classes], { reduction }) => {
    const { dtype } = x!, scalar = { shape: [], dtype };
    if (reduction === "none") return [{ shape: classes!.shape, dtype }, x!];
    return reduction === "sum" ? [scalar, x!] : [scalar, x!, { shape: [], dtype: computeType(dtype) }];
  },
  kernel: (_inputs, _outputs, { reduction, ignoreIndex }) =>
    reduction === "none"
      ? { kernel: "crossEntropy", ignoreIndex }
      : { kernel: "crossEntropyLoss", ignoreIndex, reduction },
  composite([x, classes], { reduction, ignoreIndex }) {
    const [losses, y] = x!.applyAll(ROWS, { ignoreIndex }, classes!);
    if (reduction === "none") return [losses!, y!];
    if (reduction === "sum") return [losses!.sum(), y!];
    const count = classes!.apply(COUNT, { ignoreIndex, dtype: x!.dtype });
    return [losses!.sum().div(count), y!, count];
  },
  saves: ({ reduction }) => ({ inputs: [0, 1], outputs: reduction === "mean" ? [1, 2] : [1] }),
  readsGradsOf: 1,
  vjp([g], saved) {
    const { reduction, ignoreIndex } = saved.params;
    return [() => {
      const x = saved.input(0), classes = saved.input(1);
      // When the backward pass is itself recorded, it has to start from the logits.
      const y = x.isRecorded ? logSoftmax(x, 1) : saved.output(1);
      if (reduction === "none") return g!.apply(ROWS_GRAD, { ignoreIndex }, y, classes);
      const count = reduction === "mean" ? [saved.output(2).detach()] : [];
      return g!.apply(LOSS_GRAD, { ignoreIndex }, y, classes, ...count);
    }, null];
  },
};

/** Options of {@linkcode crossEntropy}. */
export interface CrossEntropyOptions extends LossOptions {
  /** Factor of each class `[c]`. */
  readonly weight?: Tensor | null;
  /** A class that counts for nothing; -100 by default. */
  readonly ignoreIndex?: number;
  /** Part of the probability that is spread over all classes; 0 by default. */
  readonly labelSmoothing?: number;
}
const CROSS_ENTROPY_OPTIONS: OptionKeys<CrossEntropyOptions> = {
  weight: true,
  ignoreIndex: true,
  reduction: true,
  labelSmoothing: true,
};

/**
 * `-log(softmax(x)[target])`, from scores that are no probabilities yet; with
 * probabilities as the target `-sum target * log(softmax(x))`. The mean is over
 * targets that are not ignored, by their weights.
 *
 * @param x `[n, c]`, `[n, c, ...]` or `[c]`.
 * @param target Classes `[n]`, `[n, ...]` or `[]`, of any integer type; or probabilities of the shape of `x`.
 * @throws {RangeError} If the shapes do not fit.
 * @throws {TypeError} If the target is of neither kind.
 *
 * @example Two classes, nothing learnt yet
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { crossEntropy, Device, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([[0, 0]], { device }), target = tensor([1], { device, dtype: "int32" });
 * assertAlmostEquals(crossEntropy(x, target).item(), Math.LN2, 1e-6);
 * ```
 */
export function crossEntropy(x: Tensor, target: Tensor, options: CrossEntropyOptions = {}): Tensor {
  checkCall("crossEntropy", arguments, "xx.");
  options = readOptions("crossEntropy()", options, CROSS_ENTROPY_OPTIONS);
  const { weight, ignoreIndex = -100, labelSmoothing = 0, reduction = "mean" } = options;
  checkReduction("crossEntropy", reduction);
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    throw new RangeError(
      `Cannot apply crossEntropy() as labelSmoothing must be from 0 to 1: current labelSmoothing is ${labelSmoothing}`,
    );
  }
  if (isFloating(target.dtype) && sameShape(target.shape, x.shape)) {
    if (ignoreIndex >= 0) {
      throw new RangeError(
        `Cannot apply crossEntropy() as no class can be left out of probabilities: current ignoreIndex is ${ignoreIndex}`,
      );
    }
    return withProbabilities(x, target, weight, labelSmoothing, reduction);
  }
  if (target.dtype !== "int32") {
    return called("crossEntropy", [x, target], () => {
      const what = "target (classes, unless it has the shape of the input)";
      return crossEntropy(x, asClasses("crossEntropy", what, target), options);
    });
  }
  checkClasses("crossEntropy", x, target, weight);
  const among = { target, count: x.shape[x.ndim === 1 ? 0 : 1]!, ignoreIndex };
  if (weight || labelSmoothing > 0) {
    return withClasses("crossEntropy", among, () => weighted(x, target, options));
  }
  const params = { ignoreIndex, reduction };
  const run = (): Tensor =>
    called("crossEntropy", [x, target], () => {
      if (x.ndim === 2) return x.applyAll(CROSS_ENTROPY, params, target)[0]!;
      const moved = x.ndim === 1 ? x : x.movedim(1, -1), c = moved.shape.at(-1)!, n = target.numel();
      const [loss] = moved.reshape([n, c]).applyAll(CROSS_ENTROPY, params, target.reshape([n]));
      return reduction === "none" ? loss!.reshape(target.shape) : loss!;
    });
  return withClasses("crossEntropy", among, run);
}

function weighted(x: Tensor, classes: Tensor, options: CrossEntropyOptions): Tensor {
  const { weight, ignoreIndex = -100, labelSmoothing = 0, reduction = "mean" } = options;
  const axis = x.ndim === 1 ? 0 : 1, c = x.shape[axis]!;
  return accumulated([x, weight], (x, weight) => {
    const y = logSoftmax(x, axis), ignored = classes.eq(ignoreIndex);
    const safe = classes.maskedFill(ignored, 0), shares = weightsOf(x, safe, ignored, weight);
    const picked = y.gather(axis, safe.unsqueeze(axis)).squeeze(axis);
    const losses = [picked.mul(shares).neg().maskedFill(ignored, 0)];
    if (labelSmoothing > 0) {
      const each = weight ? y.mul(perClass(weight, y.ndim)) : y;
      losses.push(each.sum(axis).neg().maskedFill(ignored, 0));
    }
    const total = reduction === "mean" ? shares.sum() : null;
    const [own, even] = losses.map((some) => total ? some.sum().div(total) : reduced(some, reduction));
    return even ? own!.mul(1 - labelSmoothing).add(even.mul(labelSmoothing / c)) : own!;
  }, "crossEntropy");
}

/** A number for each class, laid along the axis of classes. */
const perClass = (weight: Tensor, rank: number): Tensor =>
  weight.reshape([weight.numel(), ...new Array<number>(Math.max(rank - 2, 0)).fill(1)]);

function withProbabilities(
  x: Tensor,
  target: Tensor,
  weight: Tensor | null | undefined,
  labelSmoothing: number,
  reduction: Reduction,
): Tensor {
  if (x.ndim === 0) {
    throw new RangeError(`Cannot apply crossEntropy() to a scalar: current shape is ${showShape(x.shape)}`);
  }
  const axis = x.ndim === 1 ? 0 : 1, c = x.shape[axis]!;
  return accumulated([x, target, weight], (x, target, weight) => {
    const wanted = labelSmoothing > 0 ? target.mul(1 - labelSmoothing).add(labelSmoothing / c) : target;
    let parts = logSoftmax(x, axis).mul(wanted);
    if (weight) parts = parts.mul(perClass(weight, x.ndim));
    return reduced(parts.sum(axis).neg(), reduction);
  }, "crossEntropy");
}
