/** Geometry of windows that move over images: ONNX's margins may differ at the two ends of an axis. */
import * as core from "@troodon/core";
import type { Tensor } from "@troodon/core";
import type { Call } from "../call.ts";

/** The windows of a node, with a number for each axis. */
export interface Window {
  readonly size: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** The windows that the attributes of a node tell, for an input of `extents`; `size` is that of the weight or an attribute. */
export function windowOf(call: Call, extents: readonly number[], size: readonly number[]): Window {
  const { attributes } = call, axes = extents.map((_, i) => i);
  const stride = attributes.ints("strides") ?? axes.map(() => 1);
  const dilation = attributes.ints("dilations") ?? axes.map(() => 1);
  const pads = attributes.ints("pads") ?? axes.flatMap(() => [0, 0]),
    auto = attributes.text("auto_pad", "NOTSET");
  if (size.length !== axes.length || stride.length !== axes.length || dilation.length !== axes.length) {
    call.refuse(`windows must have ${axes.length} axes: size is [${size}], strides are [${stride}]`);
  }
  if (auto !== "SAME_UPPER" && auto !== "SAME_LOWER") {
    const none = auto === "VALID";
    return {
      size,
      stride,
      dilation,
      before: axes.map((i) => none ? 0 : pads[i] ?? 0),
      after: axes.map((i) => none ? 0 : pads[i + axes.length] ?? 0),
    };
  }
  // As many windows as there are strides, and the larger margin behind or before.
  const margins = axes.map((i) => {
    const count = Math.ceil(extents[i]! / stride[i]!);
    return Math.max(0, (count - 1) * stride[i]! + dilation[i]! * (size[i]! - 1) + 1 - extents[i]!);
  });
  const less = margins.map((margin) => Math.floor(margin / 2)),
    more = margins.map((margin, i) => margin - less[i]!);
  const upper = auto === "SAME_UPPER";
  return { size, stride, dilation, before: upper ? less : more, after: upper ? more : less };
}

/** Margins in the order of `pad()`: the last axis first. */
export function padded(
  x: Tensor,
  before: readonly number[],
  after: readonly number[],
  value = 0,
): Tensor {
  if (before.every((n) => n === 0) && after.every((n) => n === 0)) return x;
  return core.pad(x, before.flatMap((_, i) => [before.at(-1 - i)!, after.at(-1 - i)!]), { value });
}

/** Returns true if the margins are the same at both ends. */
export function isEven({ before, after }: Window): boolean {
  return before.every((n, i) => n === after[i]);
}
