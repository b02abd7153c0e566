/** Convolution over one and two axes. */
import type { Window2d } from "../../backend/kernel_call.ts";
import { showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { checkTypes } from "../base/check_types.ts";
import { CONV2D } from "./convolution.ts";
import { type Pair, pairOf, samePadding } from "./window.ts";
import { called } from "../base/called.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

const channels = (n: number): string => `${n} channel${n === 1 ? "" : "s"}`;

/**
 * Refuses an input without the channels that the filters are for, where that is all that does not fit.
 *
 * @param axes How many axes the windows have.
 */
export function checkInputChannels(
  op: string,
  x: Tensor,
  weight: Tensor,
  groups: number,
  axes: number,
): void {
  const ranks = weight.ndim === axes + 2 && (x.ndim === axes + 2 || x.ndim === axes + 1);
  const wanted = weight.shape[1]! * groups, own = x.shape.at(-axes - 1);
  if (!ranks || !Number.isInteger(groups) || groups < 1 || own === wanted) return;
  throw new RangeError(
    `Cannot apply ${op}() as the input must have ${channels(wanted)}, which weight ${
      showShape(weight.shape)
    }${groups === 1 ? "" : ` of ${groups} groups`} is for: current input ${showShape(x.shape)} has ${own}`,
  );
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
const CONV2D_OPTIONS: OptionKeys<Conv2dOptions> = {
  stride: true,
  padding: true,
  dilation: true,
  groups: true,
};

/** The windows of a convolution. */
export function convWindow(op: string, size: readonly [number, number], options: Conv2dOptions): Window2d {
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
  checkInputChannels(op, x, weight, groups, 2);
  const [o = 0, c] = weight.shape, own = x.shape.at(-3);
  const fits = weight.ndim === 4 && (x.ndim === 4 || x.ndim === 3) && Number.isInteger(groups) &&
    groups > 0 &&
    own === c! * groups && o % groups === 0;
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
  checkCall("conv2d", arguments, "xxX.");
  options = readOptions("conv2d()", options, CONV2D_OPTIONS);
  const { groups = 1 } = options;
  checkChannels("conv2d", x, weight, bias, groups);
  if (x.ndim === 3) {
    return called("conv2d", [x, weight, bias], () => {
      const batch = x.unsqueeze(0);
      const y = conv2d(batch, weight, bias, options);
      return y.squeeze(0);
    });
  }
  const window = convWindow("conv2d", [weight.shape[2]!, weight.shape[3]!], options);
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
const CONV1D_OPTIONS: OptionKeys<Conv1dOptions> = {
  stride: true,
  padding: true,
  dilation: true,
  groups: true,
};

/**
 * {@linkcode conv2d} over one axis.
 *
 * @param x `[n, c, l]`, or `[c, l]`.
 * @param weight `[o, c / groups, k]`
 * @param bias `[o]`, or nothing.
 */
export function conv1d(x: Tensor, weight: Tensor, bias?: Tensor | null, options: Conv1dOptions = {}): Tensor {
  checkCall("conv1d", arguments, "xxX.");
  options = readOptions("conv1d()", options, CONV1D_OPTIONS);
  const { stride = 1, padding = 0, dilation = 1, groups = 1 } = options;
  if ((x.ndim !== 3 && x.ndim !== 2) || weight.ndim !== 3) {
    throw new RangeError(
      `Cannot apply conv1d() as shapes must be [n, c, l] and [o, c / groups, k]: ` +
        `current shapes are ${showShape(x.shape)} and ${showShape(weight.shape)}`,
    );
  }
  checkInputChannels("conv1d", x, weight, groups, 1);
  return called("conv1d", [x, weight, bias], () => {
    const row = x.unsqueeze(-2);
    const filters = weight.unsqueeze(-2);
    const y = conv2d(row, filters, bias, {
      stride: [1, stride],
      padding: typeof padding === "number" ? [0, padding] : padding,
      dilation: [1, dilation],
      groups,
    });
    return y.squeeze(-2);
  });
}
