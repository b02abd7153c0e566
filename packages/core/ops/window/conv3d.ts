/** Convolution over three axes, by convolution over two: windows along the depth become channels. */
import { showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { accumulated } from "../base/accumulated.ts";
import { checkTypes } from "../base/check_types.ts";
import { convTranspose2d } from "./conv_transpose.ts";
import { checkInputChannels, conv2d } from "./conv2d.ts";
import { type Triple, tripleOf } from "./triple.ts";
import { called } from "../base/called.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** Options of {@linkcode conv3d}; each of the first three one number or [depth, height, width]. */
export interface Conv3dOptions {
  /** Steps between windows; 1 by default. */
  readonly stride?: Triple;
  /** Zeros around the input; "valid" is 0 (the default), "same" keeps the extents at stride 1. */
  readonly padding?: Triple | "same" | "valid";
  /** Steps between the elements of a window; 1 by default. */
  readonly dilation?: Triple;
  /** Channels fall into so many groups that do not see each other; 1 by default. */
  readonly groups?: number;
}
const CONV3D_OPTIONS: OptionKeys<Conv3dOptions> = {
  stride: true,
  padding: true,
  dilation: true,
  groups: true,
};

/**
 * {@linkcode conv2d} over three axes.
 *
 * @param x `[n, c, d, h, w]`, or `[c, d, h, w]`.
 * @param weight `[o, c / groups, kd, kh, kw]`
 * @param bias `[o]`, or nothing.
 * @returns `[n, o, d', h', w']`, extents as of {@linkcode conv2d}, or without n.
 * @throws {RangeError} If the shapes do not fit, or the padded input is smaller than the filter.
 * @throws {TypeError} If the dtypes differ.
 */
export function conv3d(x: Tensor, weight: Tensor, bias?: Tensor | null, options: Conv3dOptions = {}): Tensor {
  checkCall("conv3d", arguments, "xxX.");
  options = readOptions("conv3d()", options, CONV3D_OPTIONS);
  const { groups = 1, padding = 0 } = options;
  checkInputChannels("conv3d", x, weight, groups, 3);
  checkAxes("conv3d", "[o, c / groups, kd, kh, kw]", x, weight, 1, groups);
  const [o, c, depth, ...plane] = weight.shape as [number, number, number, number, number];
  const stride = tripleOf("conv3d", "stride", options.stride ?? 1, 1);
  const dilation = tripleOf("conv3d", "dilation", options.dilation ?? 1, 1);
  const span = (depth - 1) * dilation[0] + 1;
  if (padding === "same" && stride[0] !== 1) {
    throw new RangeError(
      `Cannot apply conv3d() as padding "same" needs a stride of 1: current stride is ${showShape(stride)}`,
    );
  }
  const [before, ...beside] = typeof padding === "string"
    ? [padding === "same" ? Math.floor((span - 1) / 2) : 0]
    : tripleOf("conv3d", "padding", padding, 0);
  const after = padding === "same" ? span - 1 - before! : before!;
  return called("conv3d", [x, weight, bias], () => {
    const batch = x.ndim === 4 ? x.unsqueeze(0) : x;
    const padded = before! + after > 0 ? batch.pad([0, 0, 0, 0, before!, after]) : batch;
    if (padded.shape[2]! < span) {
      throw new RangeError(
        `Cannot apply conv3d() as the padded input must be at least as large as the window: ` +
          `current depths are ${padded.shape[2]} and ${span}`,
      );
    }
    // [n, c, d', h, w, kd] to images [n * d', c * kd, h, w].
    const windows = padded.unfold(2, depth, stride[0], { dilation: dilation[0] });
    const [n, channels, count, h, w] = windows.shape as [number, number, number, number, number];
    const images = windows.permute([0, 2, 1, 5, 3, 4]).reshape([n * count, channels * depth, h, w]);
    const y = conv2d(images, weight.reshape([o, c * depth, ...plane]), bias, {
      stride: [stride[1], stride[2]],
      dilation: [dilation[1], dilation[2]],
      padding: typeof padding === "string" ? padding : [beside[0]!, beside[1]!],
      groups,
    });
    const volumes = y.reshape([n, count, o, ...y.shape.slice(2)]).transpose(1, 2).contiguous();
    return x.ndim === 4 ? volumes.squeeze(0) : volumes;
  });
}

/** Options of {@linkcode convTranspose3d}; each of the first four one number or [depth, height, width]. */
export interface ConvTranspose3dOptions {
  /** Steps between the windows of the result; 1 by default. */
  readonly stride?: Triple;
  /** What is cut off on all sides of the result; 0 by default. */
  readonly padding?: Triple;
  /** What the result has more at its end, less than `stride`; 0 by default. */
  readonly outputPadding?: Triple;
  /** Steps between the elements of a window; 1 by default. */
  readonly dilation?: Triple;
  /** Channels fall into so many groups that do not see each other; 1 by default. */
  readonly groups?: number;
}
const CONV_TRANSPOSE3D_OPTIONS: OptionKeys<ConvTranspose3dOptions> = {
  stride: true,
  padding: true,
  outputPadding: true,
  groups: true,
  dilation: true,
};

/**
 * The transpose of the linear map that {@linkcode conv3d} is.
 *
 * @param x `[n, c, d, h, w]`, or `[c, d, h, w]`.
 * @param weight `[c, o / groups, kd, kh, kw]`
 * @param bias `[o]`, or nothing.
 * @returns `[n, o, d', h', w']`, extents as of {@linkcode convTranspose2d}, or without n.
 * @throws {RangeError} If the shapes do not fit.
 * @throws {TypeError} If the dtypes differ.
 */
export function convTranspose3d(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor | null,
  options: ConvTranspose3dOptions = {},
): Tensor {
  checkCall("convTranspose3d", arguments, "xxX.");
  options = readOptions("convTranspose3d()", options, CONV_TRANSPOSE3D_OPTIONS);
  const op = "convTranspose3d", { groups = 1 } = options;
  checkAxes(op, "[c, o / groups, kd, kh, kw]", x, weight, 0, groups);
  checkTypes(op, x.dtype, weight.dtype, ...(bias ? [bias.dtype] : []));
  const [c, width, depth, ...plane] = weight.shape as [number, number, number, number, number];
  const stride = tripleOf(op, "stride", options.stride ?? 1, 1);
  const padding = tripleOf(op, "padding", options.padding ?? 0, 0);
  const extra = tripleOf(op, "outputPadding", options.outputPadding ?? 0, 0);
  const dilation = tripleOf(op, "dilation", options.dilation ?? 1, 1);
  const o = width * groups, whole = (x.shape.at(-3)! - 1) * stride[0] + dilation[0] * (depth - 1) + 1;
  const extent = whole - 2 * padding[0] + extra[0];
  if (
    extent < 1 || extra[0] >= Math.max(stride[0], dilation[0]) ||
    (bias && (bias.ndim !== 1 || bias.shape[0] !== o))
  ) {
    throw new RangeError(
      `Cannot apply ${op}() as the result must have elements, outputPadding be below stride or dilation, and bias be [${o}]: ` +
        `current depth is ${extent}, outputPadding is ${showShape(extra)}, bias is ${
          bias ? showShape(bias.shape) : "none"
        }`,
    );
  }
  return accumulated([x, weight, bias], (x, weight, bias) => {
    const batch = x.ndim === 4 ? x.unsqueeze(0) : x;
    const [n, channels, d, h, w] = batch.shape as [number, number, number, number, number];
    const images = batch.transpose(1, 2).reshape([n * d, channels, h, w]);
    const y = convTranspose2d(images, weight.reshape([c, width * depth, ...plane]), null, {
      stride: [stride[1], stride[2]],
      padding: [padding[1], padding[2]],
      outputPadding: [extra[1], extra[2]],
      dilation: [dilation[1], dilation[2]],
      groups,
    });
    // Each image is a window along the depth: [n * d, o * kd, h', w'] to [n, o, d, h', w', kd], added up.
    const windows = y.reshape([n, d, o, depth, ...y.shape.slice(2)]).permute([0, 2, 1, 4, 5, 3]);
    const length = Math.max(whole, padding[0] + extent), reach = Math.min(length, whole + stride[0] - 1);
    const volumes = windows.fold(2, reach, stride[0], { dilation: dilation[0] })
      .pad([0, 0, 0, 0, 0, length - reach]).narrow(2, padding[0], extent);
    const shifted = bias ? volumes.add(bias.reshape([1, o, 1, 1, 1])) : volumes.contiguous();
    return x.ndim === 4 ? shifted.squeeze(0) : shifted;
  }, "convTranspose3d");
}

/** Refuses anything but volumes and filters of channels that fit: those of x are on axis -4, `inner` says on which of the weight. */
function checkAxes(
  op: string,
  expected: string,
  x: Tensor,
  weight: Tensor,
  inner: 0 | 1,
  groups: number,
): void {
  const channels = x.shape.at(-4), own = weight.shape[inner]! * (inner === 1 ? groups : 1);
  if (
    (x.ndim !== 5 && x.ndim !== 4) || weight.ndim !== 5 || channels !== own || weight.shape[0]! % groups !== 0
  ) {
    throw new RangeError(
      `Cannot apply ${op}() as shapes must be [n, c, d, h, w] and ${expected}: ` +
        `current shapes are ${showShape(x.shape)} and ${showShape(weight.shape)}, groups is ${groups}`,
    );
  }
}
