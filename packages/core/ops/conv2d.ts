/** Convolution over two axes, its gradients, and theirs. */
import type { Window2d } from "../backend/kernel_call.ts";
import type { Op, TensorSpec } from "../op.ts";
import { showShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { checkTypes } from "./check_types.ts";
import { addWindows, type Pair, pairOf, samePadding, windowCounts, windowsOf } from "./window.ts";

/** Geometry of a convolution. */
interface ConvParams {
  readonly window: Window2d;
  readonly groups: number;
}

interface InputGradParams extends ConvParams {
  /** Extents of the input. */
  readonly size: readonly [number, number];
}

const planeOf = (spec: TensorSpec): readonly [number, number] => [spec.shape[2]!, spec.shape[3]!];

/** x [n, c, h, w], weight [o, c / groups, kh, kw], perhaps bias [o] to [n, o, h', w']. */
const CONV2D: Op<ConvParams> = {
  name: "conv2d",
  gradName: "convolution",
  infer([x, weight], { window }) {
    const counts = windowCounts("conv2d", window, planeOf(x!));
    return [{ shape: [x!.shape[0]!, weight!.shape[0]!, ...counts], dtype: x!.dtype }];
  },
  kernel: (_inputs, _outputs, { window, groups }) => ({ kernel: "conv2d", window, groups }),
  composite([x, weight, bias], { window, groups }) {
    const [n] = x!.shape, [o] = weight!.shape, windows = windowsOf(x!, window);
    const [, , h, w] = windows.shape;
    const product = columnsOf(windows, groups).matmul(filtersOf(weight!, groups));
    const y = product.reshape([groups, n!, h!, w!, o! / groups]).permute([1, 0, 4, 2, 3]).reshape([
      n!,
      o!,
      h!,
      w!,
    ]);
    return bias ? y.add(bias.reshape([1, o!, 1, 1])) : y.contiguous();
  },
  saves: () => ({ inputs: [0, 1] }),
  vjp([g], saved) {
    const { window, groups } = saved.params;
    let both: readonly Tensor[] | null = null;
    const weightGrads = () => both ??= g!.applyAll(CONV2D_WEIGHT_GRAD, saved.params, saved.input(0));
    return [
      () => g!.apply(CONV2D_INPUT_GRAD, { window, groups, size: planeOf(saved.spec(0)) }, saved.input(1)),
      () => weightGrads()[0]!,
      () => saved.needs(1) ? weightGrads()[1]! : g!.sum([0, 2, 3]),
    ];
  },
};

/** g [n, o, h', w'], weight to the gradient of x. */
const CONV2D_INPUT_GRAD: Op<InputGradParams> = {
  name: "conv2dInputGrad",
  infer: ([g, weight], { groups, size }) => [
    { shape: [g!.shape[0]!, weight!.shape[1]! * groups, ...size], dtype: g!.dtype },
  ],
  kernel: (_inputs, _outputs, { window, groups }) => ({ kernel: "conv2dInputGrad", window, groups }),
  composite([g, weight], { window, groups, size }) {
    const [n, , h, w] = g!.shape, [kh, kw] = window.size, c = weight!.shape[1]!;
    const columns = positionsOf(g!, groups).matmul(filtersOf(weight!, groups).transpose(1, 2));
    const windows = columns.reshape([groups, n!, h!, w!, c, kh, kw]).permute([1, 0, 4, 2, 3, 5, 6]);
    return addWindows(windows.reshape([n!, groups * c, h!, w!, kh, kw]), window, size).contiguous();
  },
  saves: () => ({ inputs: [0, 1] }),
  vjp: ([u], saved) => [
    () => u!.apply(CONV2D, saved.params, saved.input(1)),
    () => saved.input(0).applyAll(CONV2D_WEIGHT_GRAD, saved.params, u!)[0]!,
  ],
};

/** g [n, o, h', w'], x to the gradients of weight and bias, which are cheap together. */
const CONV2D_WEIGHT_GRAD: Op<ConvParams> = {
  name: "conv2dWeightGrad",
  infer: ([g, x], { window, groups }) => {
    const o = g!.shape[1]!, { dtype } = g!;
    return [{ shape: [o, x!.shape[1]! / groups, ...window.size], dtype }, { shape: [o], dtype }];
  },
  kernel: (_inputs, _outputs, { window, groups }) => ({ kernel: "conv2dWeightGrad", window, groups }),
  composite([g, x], { window, groups }) {
    const o = g!.shape[1]!, c = x!.shape[1]! / groups;
    const columns = columnsOf(windowsOf(x!, window), groups);
    const weight = positionsOf(g!, groups).transpose(1, 2).matmul(columns);
    return [weight.reshape([o, c, ...window.size]), g!.sum([0, 2, 3])];
  },
  saves: () => ({ inputs: [0, 1] }),
  vjp: ([weight, bias], saved) => [
    () => {
      const u = saved.input(1).apply(CONV2D, saved.params, weight!);
      return bias ? u.add(bias.reshape([1, -1, 1, 1])) : u;
    },
    () => {
      const { window, groups } = saved.params, size = planeOf(saved.spec(1));
      return saved.input(0).apply(CONV2D_INPUT_GRAD, { window, groups, size }, weight!);
    },
  ],
};

/** Windows [n, c, h', w', kh, kw] as rows [groups, n * h' * w', c / groups * kh * kw]. */
function columnsOf(windows: Tensor, groups: number): Tensor {
  const [n, c, h, w, kh, kw] = windows.shape as readonly [number, number, number, number, number, number];
  return windows.reshape([n, groups, c / groups, h, w, kh, kw]).permute([1, 0, 3, 4, 2, 5, 6])
    .reshape([groups, n * h * w, (c / groups) * kh * kw]);
}

/** Weight [o, c, kh, kw] as columns [groups, c * kh * kw, o / groups]. */
function filtersOf(weight: Tensor, groups: number): Tensor {
  const [o, c, kh, kw] = weight.shape as readonly [number, number, number, number];
  return weight.reshape([groups, o / groups, c * kh * kw]).transpose(1, 2);
}

/** g [n, o, h', w'] as rows [groups, n * h' * w', o / groups]. */
function positionsOf(g: Tensor, groups: number): Tensor {
  const [n, o, h, w] = g.shape as readonly [number, number, number, number];
  return g.reshape([n, groups, o / groups, h, w]).permute([1, 0, 3, 4, 2]).reshape([
    groups,
    n * h * w,
    o / groups,
  ]);
}

/** Options of {@linkcode conv2d}; each of the first three one number or [vertical, horizontal]. */
export interface Conv2dOptions {
  /** Steps between windows; 1 by default. */
  readonly stride?: Pair;
  /** Zeros around the input; "valid" is 0 (the default), "same" keeps the extents at stride 1. */
  readonly padding?: Pair | "same" | "valid";
  /** Steps between the elements of a window; 1 by default. */
  readonly dilation?: Pair;
  /** Channels fall into so many groups that do not see each other; 1 by default. */
  readonly groups?: number;
}

function geometry(op: string, size: readonly [number, number], options: Conv2dOptions): Window2d {
  const { padding = 0 } = options;
  const stride = pairOf(op, "stride", options.stride ?? 1, 1);
  const dilation = pairOf(op, "dilation", options.dilation ?? 1, 1);
  if (padding === "same") {
    if (stride[0] !== 1 || stride[1] !== 1) {
      throw new RangeError(
        `Cannot apply ${op}() as padding "same" needs a stride of 1: current stride is ${showShape(stride)}`,
      );
    }
    return { size, stride, dilation, padding: samePadding(size, dilation) };
  }
  const [vertical, horizontal] = pairOf(op, "padding", padding === "valid" ? 0 : padding, 0);
  return { size, stride, dilation, padding: [vertical, vertical, horizontal, horizontal] };
}

function checkChannels(
  op: string,
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null | undefined,
  groups: number,
): void {
  const [o = 0, c] = weight.shape, channels = x.shape.at(-3);
  const fits = weight.ndim === 4 && (x.ndim === 4 || x.ndim === 3) && Number.isInteger(groups) &&
    groups > 0 &&
    channels === c! * groups && o % groups === 0;
  if (!fits || (bias && (bias.ndim !== 1 || bias.shape[0] !== o))) {
    throw new RangeError(
      `Cannot apply ${op}() as shapes must be [n, c, h, w], [o, c / groups, kh, kw], [o], with o a multiple of groups: ` +
        `current shapes are ${
          [x, weight, ...(bias ? [bias] : [])].map((t) => showShape(t.shape)).join(", ")
        }, ` +
        `groups is ${groups}`,
    );
  }
  checkTypes(op, x.dtype, weight.dtype, ...(bias ? [bias.dtype] : []));
}

/**
 * The cross-correlation of images with a filter for each output channel, as
 * deep-learning libraries call convolution.
 *
 * @param x `[n, c, h, w]`, or `[c, h, w]` for one image.
 * @param weight `[o, c / groups, kh, kw]`
 * @param bias `[o]`, or nothing.
 * @returns `[n, o, h', w']` with `h' = floor((h + padding - dilation * (kh - 1) - 1) / stride) + 1`, or without n.
 * @throws {RangeError} If the shapes do not fit, or the padded input is smaller than the filter.
 * @throws {TypeError} If the dtypes differ.
 *
 * @example A filter that adds up squares of 2 x 2
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { conv2d, Device, ones, ReferenceBackend } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = ones([1, 1, 3, 3], { device }), weight = ones([1, 1, 2, 2], { device });
 * assertEquals(conv2d(x, weight).tolist(), [[[[4, 4], [4, 4]]]]);
 * ```
 */
export function conv2d(x: Tensor, weight: Tensor, bias?: Tensor | null, options: Conv2dOptions = {}): Tensor {
  const { groups = 1 } = options;
  checkChannels("conv2d", x, weight, bias, groups);
  if (x.ndim === 3) {
    using batch = x.unsqueeze(0);
    using y = conv2d(batch, weight, bias, options);
    return y.squeeze(0);
  }
  const window = geometry("conv2d", [weight.shape[2]!, weight.shape[3]!], options);
  const params = { window, groups };
  return bias ? x.apply(CONV2D, params, weight, bias) : x.apply(CONV2D, params, weight);
}

/** Options of {@linkcode conv1d}. */
export interface Conv1dOptions {
  /** Steps between windows; 1 by default. */
  readonly stride?: number;
  /** Zeros around the input; "valid" is 0 (the default), "same" keeps the extent at stride 1. */
  readonly padding?: number | "same" | "valid";
  /** Steps between the elements of a window; 1 by default. */
  readonly dilation?: number;
  /** Channels fall into so many groups that do not see each other; 1 by default. */
  readonly groups?: number;
}

/**
 * {@linkcode conv2d} over one axis.
 *
 * @param x `[n, c, l]`, or `[c, l]`.
 * @param weight `[o, c / groups, k]`
 * @param bias `[o]`, or nothing.
 */
export function conv1d(x: Tensor, weight: Tensor, bias?: Tensor | null, options: Conv1dOptions = {}): Tensor {
  const { stride = 1, padding = 0, dilation = 1, groups = 1 } = options;
  if ((x.ndim !== 3 && x.ndim !== 2) || weight.ndim !== 3) {
    throw new RangeError(
      `Cannot apply conv1d() as shapes must be [n, c, l] and [o, c / groups, k]: ` +
        `current shapes are ${showShape(x.shape)} and ${showShape(weight.shape)}`,
    );
  }
  using row = x.unsqueeze(-2);
  using filters = weight.unsqueeze(-2);
  using y = conv2d(row, filters, bias, {
    stride: [1, stride],
    padding: typeof padding === "number" ? [0, padding] : padding,
    dilation: [1, dilation],
    groups,
  });
  return y.squeeze(-2);
}
