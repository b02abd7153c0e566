/** Transposed convolution: what the gradient of convolution does, forwards. */
import type { Window2d } from "../../backend/kernel_call.ts";
import { showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { accumulated } from "../base/accumulated.ts";
import { checkTypes } from "../base/check_types.ts";
import { convWindow } from "./conv2d.ts";
import { CONV2D_INPUT_GRAD } from "./convolution.ts";
import { type Pair, pairOf } from "./window.ts";
import { called } from "../base/called.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** Options of {@linkcode convTranspose2d}; each of the first four one number or [vertical, horizontal]. */
export interface ConvTranspose2dOptions {
  /** Steps between the windows of the result; 1 by default. */
  readonly stride?: Pair;
  /** Rows and columns cut off on all sides of the result; 0 by default. */
  readonly padding?: Pair;
  /** Rows and columns that the result has more at its end, fewer than `stride` or than `dilation`; 0 by default. */
  readonly outputPadding?: Pair;
  /** Steps between the elements of a window; 1 by default. */
  readonly dilation?: Pair;
  /** Channels fall into so many groups that do not see each other; 1 by default. */
  readonly groups?: number;
}
const CONV_TRANSPOSE2D_OPTIONS: OptionKeys<ConvTranspose2dOptions> = {
  stride: true,
  padding: true,
  outputPadding: true,
  groups: true,
  dilation: true,
};

/**
 * The transpose of the linear map that {@linkcode conv2d} is, also known as deconvolution.
 *
 * @param x `[n, c, h, w]`, or `[c, h, w]`.
 * @param weight `[c, o / groups, kh, kw]`
 * @param bias `[o]`, or nothing.
 * @returns `[n, o, h', w']` with `h' = (h - 1) * stride - 2 * padding + dilation * (kh - 1) + outputPadding + 1`, or without n.
 * @throws {RangeError} If the shapes do not fit.
 * @throws {TypeError} If the dtypes differ.
 *
 * @example One pixel becomes a window
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { convTranspose2d, Device, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([[[[2]]]], { device }), weight = tensor([[[[1, 2], [3, 4]]]], { device });
 * assertEquals(convTranspose2d(x, weight).tolist(), [[[[2, 4], [6, 8]]]]);
 * ```
 */
export function convTranspose2d(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor | null,
  options: ConvTranspose2dOptions = {},
): Tensor {
  checkCall("convTranspose2d", arguments, "xxX.");
  options = readOptions("convTranspose2d()", options, CONV_TRANSPOSE2D_OPTIONS);
  const op = "convTranspose2d", { outputPadding = 0, groups = 1, ...rest } = options;
  const [c, width, kh, kw] = weight.shape, o = (width ?? 0) * groups;
  const fits = weight.ndim === 4 && (x.ndim === 4 || x.ndim === 3) && Number.isInteger(groups) &&
    groups > 0 &&
    x.shape.at(-3) === c && c! % groups === 0;
  if (!fits || (bias && (bias.ndim !== 1 || bias.shape[0] !== o))) {
    throw new RangeError(
      `Cannot apply ${op}() as shapes must be [n, c, h, w], [c, o / groups, kh, kw], [o], with c a multiple of groups: ` +
        `current shapes are ${
          [x, weight, ...(bias ? [bias] : [])].map((t) => showShape(t.shape)).join(", ")
        }, ` +
        `groups is ${groups}`,
    );
  }
  checkTypes(op, x.dtype, weight.dtype, ...(bias ? [bias.dtype] : []));
  return accumulated([x, weight, bias], (x, weight, bias) => {
    if (x.ndim === 3) {
      return convTranspose2d(x.unsqueeze(0), weight, bias, options).squeeze(0);
    }
    const window = convWindow(op, [kh!, kw!], rest), extra = pairOf(op, "outputPadding", outputPadding, 0);
    const size = ([0, 1] as const).map((i) =>
      (x.shape[2 + i]! - 1) * window.stride[i] - 2 * window.padding[2 * i]! +
      window.dilation[i] * (window.size[i] - 1) + extra[i] + 1
    ) as [number, number];
    if (
      size.some((n) => n < 1) || extra.some((n, i) => n >= Math.max(window.stride[i]!, window.dilation[i]!))
    ) {
      throw new RangeError(
        `Cannot apply ${op}() as the result must have elements, and outputPadding must be below stride or dilation: ` +
          `current result is ${showShape(size)}, outputPadding is ${showShape(extra)}`,
      );
    }
    const y = transposed(x, weight, window, size, extra, groups);
    return bias ? y.add(bias.reshape([1, o, 1, 1])) : y;
  }, "convTranspose2d");
}

/**
 * The planes without a bias. Those that a convolution with these windows may have been given are less than a stride
 * larger than the windows need: what is beyond that is less padding, and where there is none left, zeros.
 */
function transposed(
  x: Tensor,
  weight: Tensor,
  window: Window2d,
  size: readonly [number, number],
  extra: readonly [number, number],
  groups: number,
): Tensor {
  const beyond = ([0, 1] as const).map((i) => Math.max(extra[i] - (window.stride[i] - 1), 0)) as [
    number,
    number,
  ];
  if (beyond[0] === 0 && beyond[1] === 0) return x.apply(CONV2D_INPUT_GRAD, { window, groups, size }, weight);
  const [top, bottom, left, right] = window.padding;
  const less = [Math.min(beyond[0], bottom), Math.min(beyond[1], right)] as const;
  const zeros = [beyond[0] - less[0], beyond[1] - less[1]] as const;
  const inner = [size[0] - zeros[0], size[1] - zeros[1]] as const;
  const padding = [top, bottom - less[0], left, right - less[1]] as const;
  const y = x.apply(CONV2D_INPUT_GRAD, { window: { ...window, padding }, groups, size: inner }, weight);
  return y.pad([0, zeros[1], 0, zeros[0]]);
}

/** Options of {@linkcode convTranspose1d}. */
export interface ConvTranspose1dOptions {
  /** Steps between the windows of the result; 1 by default. */
  readonly stride?: number;
  /** Elements cut off on both sides of the result; 0 by default. */
  readonly padding?: number;
  /** Elements that the result has more at its end, fewer than `stride` or than `dilation`; 0 by default. */
  readonly outputPadding?: number;
  /** Steps between the elements of a window; 1 by default. */
  readonly dilation?: number;
  /** Channels fall into so many groups that do not see each other; 1 by default. */
  readonly groups?: number;
}
const CONV_TRANSPOSE1D_OPTIONS: OptionKeys<ConvTranspose1dOptions> = {
  stride: true,
  padding: true,
  outputPadding: true,
  groups: true,
  dilation: true,
};

/**
 * {@linkcode convTranspose2d} over one axis.
 *
 * @param x `[n, c, l]`, or `[c, l]`.
 * @param weight `[c, o / groups, k]`
 * @param bias `[o]`, or nothing.
 */
export function convTranspose1d(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor | null,
  options: ConvTranspose1dOptions = {},
): Tensor {
  checkCall("convTranspose1d", arguments, "xxX.");
  options = readOptions("convTranspose1d()", options, CONV_TRANSPOSE1D_OPTIONS);
  const { stride = 1, padding = 0, outputPadding = 0, dilation = 1, groups = 1 } = options;
  if ((x.ndim !== 3 && x.ndim !== 2) || weight.ndim !== 3) {
    throw new RangeError(
      `Cannot apply convTranspose1d() as shapes must be [n, c, l] and [c, o / groups, k]: ` +
        `current shapes are ${showShape(x.shape)} and ${showShape(weight.shape)}`,
    );
  }
  return called("convTranspose1d", [x, weight, bias], () => {
    const row = x.unsqueeze(-2);
    const filters = weight.unsqueeze(-2);
    const y = convTranspose2d(row, filters, bias, {
      stride: [1, stride],
      padding: [0, padding],
      outputPadding: [0, outputPadding],
      dilation: [1, dilation],
      groups,
    });
    return y.squeeze(-2);
  });
}
