/** The kernel families: what each reads, writes and means. */
import type { ComputeType } from "../dtype.ts";
import type { Body } from "../expr/body.ts";
import type { RandomState } from "../random/generator.ts";
import type { Shape } from "../shape.ts";
import type { Refusal } from "./refusal.ts";

/**
 * Elementwise: every output element from the elements of all inputs at the same
 * position. Views all have the shape `shape` (inputs may have strides of 0).
 * Inputs are converted to `compute` as they are loaded, results to the output's
 * dtype as they are stored: to bool by `!= 0`, to integers by truncation, and of
 * integers the low bits that there is room for. An output may be exactly an input, but never
 * overlaps one otherwise.
 */
export interface MapCall {
  /** The family. */
  readonly kernel: "map";
  /** What is calculated. */
  readonly body: Body;
  /** The type of the calculation. */
  readonly compute: ComputeType;
  /** What the `scalar` leaves stand for. */
  readonly scalars: readonly number[];
  /** Positions that are visited. */
  readonly shape: Shape;
  /** Where the `random` leaves of the body draw from; element `i` uses block `offset + i`. */
  readonly random?: RandomState;
}

/** How values are brought together. NaN wins in `max` and `min`. */
export type ReduceOp = "sum" | "prod" | "max" | "min";

/**
 * Brings together `body` (one output) over `axes`. Inputs have the shape
 * `shape`; the output has that shape with extent 1 along `axes`. Nothing to bring
 * together gives 0, 1, -Infinity, Infinity. `post`, if given, is applied to each
 * result (its input 0) with the same scalars before it is stored.
 */
export interface ReduceCall {
  /** The family. */
  readonly kernel: "reduce";
  /** How values are brought together. */
  readonly op: ReduceOp;
  /** What is calculated. */
  readonly body: Body;
  /** What is done with each result. */
  readonly post?: Body;
  /** The type of the calculation. */
  readonly compute: ComputeType;
  /** What the `scalar` leaves stand for. */
  readonly scalars: readonly number[];
  /** Positions that are visited. */
  readonly shape: Shape;
  /** Axes that vanish. */
  readonly axes: readonly number[];
}

/**
 * Position (int32 or int64) of the first largest or smallest element along `axis`; the
 * first NaN wins. The output has extent 1 along `axis`.
 */
export interface ArgReduceCall {
  /** The family. */
  readonly kernel: "argreduce";
  /** How values are brought together. */
  readonly op: "max" | "min";
  /** Along which axis. */
  readonly axis: number;
}

/** Running results along `axis`, of the same shape as the input. Calculates in the output's compute type. */
export interface ScanCall {
  /** The family. */
  readonly kernel: "scan";
  /** How values are brought together. */
  readonly op: "sum" | "prod" | "max" | "min" | "logaddexp";
  /** Along which axis. */
  readonly axis: number;
  /** Whether it runs from the end. */
  readonly reverse: boolean;
}

/**
 * [..., m, k] by [..., k, n] to [..., m, n]: inputs 0 and 1, of the same rank
 * and batch axes (strides of 0 repeat; transposition is a matter of strides) and
 * of the output's dtype. `epilogue` (one output) maps each product, its input 0;
 * further inputs of the call have the output's shape.
 */
export interface MatmulCall {
  /** The family. */
  readonly kernel: "matmul";
  /** What is done with each product. */
  readonly epilogue?: Body;
  /** What the `scalar` leaves stand for. */
  readonly scalars: readonly number[];
}

/**
 * output[i.., j, k..] = x[i.., index[i.., j, k..], k..] along `axis`. Inputs: x,
 * index (int32 or int64, of the output's shape). An index outside x is a RangeError where
 * the backend can see it.
 */
export interface GatherCall {
  /** The family. */
  readonly kernel: "gather";
  /** Along which axis. */
  readonly axis: number;
  /** What an index outside x means, where it is none that the user gave: the error is that of `refusalError`. */
  readonly refusal?: Refusal;
}

/**
 * output[i.., index[i.., j, k..], k..] = (or +=, *=, ...) source[i.., j, k..] along
 * `axis`. Inputs: index (int32 or int64), source, of one shape. The output holds values
 * already. On equal indices `set` keeps the last in row-major order; NaN wins in `max` and `min`.
 */
export interface ScatterCall {
  /** The family. */
  readonly kernel: "scatter";
  /** Along which axis. */
  readonly axis: number;
  /** Whether values are replaced, or what they are combined by. */
  readonly mode: "set" | "add" | "mul" | "max" | "min";
}

/** Outputs: values, and their positions (int32 or int64), sorted stably along `axis`; NaN counts as largest. */
export interface SortCall {
  /** The family. */
  readonly kernel: "sort";
  /** Along which axis. */
  readonly axis: number;
  /** Whether the largest comes first. */
  readonly descending: boolean;
}

/**
 * Overlap-add, the adjoint of the sliding-window view: input [.., windows at
 * `axis`, .., size at the end] to an output with extent `length` at `axis` and
 * without the last axis: output[.., w * step + s * dilation, ..] += input[.., w, .., s].
 */
export interface FoldCall {
  /** The family. */
  readonly kernel: "fold";
  /** Along which axis. */
  readonly axis: number;
  /** Between windows. */
  readonly step: number;
  /** Between the elements of a window. */
  readonly dilation: number;
}

/** Padding before and after, stride and dilation of a sliding window over two axes: [vertical, horizontal]. */
export interface Window2d {
  /** Elements of a window. */
  readonly size: readonly [number, number];
  /** Steps between windows. */
  readonly stride: readonly [number, number];
  /** top, bottom, left, right */
  readonly padding: readonly [number, number, number, number];
  /** Between the elements of a window. */
  readonly dilation: readonly [number, number];
}

/** x [n, c, h, w], weight [o, c / groups, kh, kw], bias [o] if given; output [n, o, h', w']. */
export interface Conv2dCall {
  /** The family. */
  readonly kernel: "conv2d";
  /** The geometry. */
  readonly window: Window2d;
  /** Groups of channels that do not see each other. */
  readonly groups: number;
}

/** Gradient of x: inputs g [n, o, h', w'], weight; output [n, c, h, w]. */
export interface Conv2dInputGradCall {
  /** The family. */
  readonly kernel: "conv2dInputGrad";
  /** The geometry. */
  readonly window: Window2d;
  /** Groups of channels that do not see each other. */
  readonly groups: number;
}

/** Gradients of weight, and of the bias where a second output is given: inputs g, x. */
export interface Conv2dWeightGradCall {
  /** The family. */
  readonly kernel: "conv2dWeightGrad";
  /** The geometry. */
  readonly window: Window2d;
  /** Groups of channels that do not see each other. */
  readonly groups: number;
}

/**
 * x [n, c, h, w]; outputs: largest values [n, c, h', w'], and their positions in
 * the plane (int32, row * w + column; first in row-major order; NaN wins). Padding counts as -Infinity.
 * With `relu` the values are those of relu(x), and where all of a window is 0 the position is -1. Positions may be
 * left out: one output then.
 */
export interface MaxPool2dCall {
  /** The family. */
  readonly kernel: "maxPool2d";
  /** The geometry. */
  readonly window: Window2d;
  /** Whether negative numbers count as 0; false by default. */
  readonly relu?: boolean;
}

/**
 * Inputs: g and positions [n, c, h', w']; output [n, c, h, w], each g added at its position, which lies in
 * its window, or is -1 for none.
 */
export interface MaxPool2dGradCall {
  /** The family. */
  readonly kernel: "maxPool2dGrad";
  /** The geometry. */
  readonly window: Window2d;
}

/** x [n, c, h, w] to means [n, c, h', w']. The divisor counts padding if `countIncludePad`. */
export interface AvgPool2dCall {
  /** The family. */
  readonly kernel: "avgPool2d";
  /** The geometry. */
  readonly window: Window2d;
  /** Whether padding counts. */
  readonly countIncludePad: boolean;
}

/** g [n, c, h', w'] to [n, c, h, w]. */
export interface AvgPool2dGradCall {
  /** The family. */
  readonly kernel: "avgPool2dGrad";
  /** The geometry. */
  readonly window: Window2d;
  /** Whether padding counts. */
  readonly countIncludePad: boolean;
}

/** exp(x) / sum exp(x), or its logarithm, over the last axis of [rows, n]. */
export interface SoftmaxCall {
  /** The family. */
  readonly kernel: "softmax" | "logSoftmax";
}

/** Inputs: g, the forward output [rows, n]; output: the gradient of x. */
export interface SoftmaxGradCall {
  /** The family. */
  readonly kernel: "softmaxGrad" | "logSoftmaxGrad";
}

/**
 * Cross-entropy of logits [rows, n] and classes (int32 [rows]), one loss a row:
 * outputs: losses [rows], log-probabilities [rows, n]. A class equal to
 * `ignoreIndex` has loss 0; another outside 0..n-1 is a RangeError where seen.
 */
export interface CrossEntropyCall {
  /** The family. */
  readonly kernel: "crossEntropy";
  /** A class that does not count. */
  readonly ignoreIndex: number;
}

/** Inputs: g [rows], log-probabilities [rows, n], classes [rows]; output: the gradient of the logits [rows, n]. */
export interface CrossEntropyGradCall {
  /** The family. */
  readonly kernel: "crossEntropyGrad";
  /** A class that does not count. */
  readonly ignoreIndex: number;
}

/**
 * The losses of {@linkcode CrossEntropyCall} brought together: outputs: their
 * sum [] or, for the mean, this by the number of rows that count;
 * log-probabilities [rows, n]; for the mean that number [].
 */
export interface CrossEntropyLossCall {
  /** The family. */
  readonly kernel: "crossEntropyLoss";
  /** A class that does not count. */
  readonly ignoreIndex: number;
  /** How losses are brought together. */
  readonly reduction: "mean" | "sum";
}

/**
 * Inputs: g [], log-probabilities [rows, n], classes [rows], for the mean the
 * number of rows that count []; output: the gradient of the logits [rows, n].
 */
export interface CrossEntropyLossGradCall {
  /** The family. */
  readonly kernel: "crossEntropyLossGrad";
  /** A class that does not count. */
  readonly ignoreIndex: number;
}

/**
 * x [n, c, s] with the mean and variance of each channel taken from x: inputs x,
 * and weight [c], bias [c] if given; outputs y, mean [c], 1 / sqrt(biased variance + eps) [c].
 */
export interface BatchNormCall {
  /** The family. */
  readonly kernel: "batchNorm";
  /** Added to the variance. */
  readonly eps: number;
}

/** Inputs: g, x [n, c, s], mean [c], invStd [c], weight [c] if given; outputs: gradients of x, weight [c], bias [c]. */
export interface BatchNormGradCall {
  /** The family. */
  readonly kernel: "batchNormGrad";
}

/** The same over the last axis of x [rows, n]: weight and bias [n]; outputs y, mean [rows], invStd [rows]. */
export interface LayerNormCall {
  /** The family. */
  readonly kernel: "layerNorm";
  /** Added to the variance. */
  readonly eps: number;
}

/** Inputs: g, x [rows, n], mean [rows], invStd [rows], weight [n] if given; outputs: gradients of x, weight [n], bias [n]. */
export interface LayerNormGradCall {
  /** The family. */
  readonly kernel: "layerNormGrad";
}

/** What every backend has, for all layouts and dtypes it holds. */
export type MandatoryCall =
  | MapCall
  | ReduceCall
  | ArgReduceCall
  | ScanCall
  | MatmulCall
  | GatherCall
  | ScatterCall
  | SortCall
  | FoldCall;

/**
 * What a backend may have. Each stands for a composite of the mandatory ones;
 * views are contiguous and all of one floating dtype (but for the int32 ones named).
 */
export type FusedCall =
  | Conv2dCall
  | Conv2dInputGradCall
  | Conv2dWeightGradCall
  | MaxPool2dCall
  | MaxPool2dGradCall
  | AvgPool2dCall
  | AvgPool2dGradCall
  | SoftmaxCall
  | SoftmaxGradCall
  | CrossEntropyCall
  | CrossEntropyGradCall
  | CrossEntropyLossCall
  | CrossEntropyLossGradCall
  | BatchNormCall
  | BatchNormGradCall
  | LayerNormCall
  | LayerNormGradCall;

/** One call of one kernel: plain data, so that it can be keyed, recorded and replayed. */
export type KernelCall = MandatoryCall | FusedCall;

/** Names of the mandatory families. */
export type MandatoryKernel = MandatoryCall["kernel"];

/** Names of the optional families. */
export type FusedKernel = FusedCall["kernel"];

/** The call of a family by its name. */
export type CallOf<K extends KernelCall["kernel"]> = Extract<KernelCall, { readonly kernel: K }>;
