/** Convolutions. */
import * as core from "@troodon/core";
import type { Tensor } from "@troodon/core";
import type { Call } from "../call.ts";
import type { Operators } from "../operator.ts";
import { isEven, padded, windowOf } from "./window.ts";

type Two = readonly [number, number];
type Three = readonly [number, number, number];

function conv(call: Call): Tensor {
  const x = call.input(0), weight = call.input(1), bias = call.optional(2) ?? null;
  const window = windowOf(call, x.shape.slice(2), weight.shape.slice(2)),
    groups = call.attributes.int("group", 1);
  const even = isEven(window), { stride, dilation } = window;
  const input = even ? x : padded(x, window.before, window.after);
  const padding = even ? window.before : window.before.map(() => 0);
  switch (stride.length) {
    case 1:
      return core.conv1d(input, weight, bias, {
        stride: stride[0]!,
        padding: padding[0]!,
        dilation: dilation[0]!,
        groups,
      });
    case 2: {
      const options = { stride: stride as Two, padding: padding as Two, dilation: dilation as Two, groups };
      return core.conv2d(input, weight, bias, options);
    }
    case 3: {
      const options = {
        stride: stride as Three,
        padding: padding as Three,
        dilation: dilation as Three,
        groups,
      };
      return core.conv3d(input, weight, bias, options);
    }
    default:
      call.refuse(`convolutions have 1 to 3 axes: current shape is [${x.shape}]`);
  }
}

/** The whole of a transposed convolution, without margins. */
function spread(
  call: Call,
  x: Tensor,
  weight: Tensor,
  stride: readonly number[],
  dilation: readonly number[],
): Tensor {
  const groups = call.attributes.int("group", 1);
  switch (stride.length) {
    case 1:
      return core.convTranspose1d(x, weight, null, { stride: stride[0]!, dilation: dilation[0]!, groups });
    case 2:
      return core.convTranspose2d(x, weight, null, {
        stride: stride as Two,
        dilation: dilation as Two,
        groups,
      });
    case 3:
      return core.convTranspose3d(x, weight, null, {
        stride: stride as Three,
        dilation: dilation as Three,
        groups,
      });
    default:
      call.refuse(`convolutions have 1 to 3 axes: current shape is [${x.shape}]`);
  }
}

function convTranspose(call: Call): Tensor {
  const x = call.input(0), weight = call.input(1), bias = call.optional(2), { attributes } = call;
  const extents = x.shape.slice(2), size = weight.shape.slice(2), axes = extents.map((_, i) => i);
  const stride = attributes.ints("strides") ?? axes.map(() => 1);
  const dilation = attributes.ints("dilations") ?? axes.map(() => 1);
  const extra = attributes.ints("output_padding") ?? axes.map(() => 0);
  const auto = attributes.text("auto_pad", "NOTSET"),
    pads = attributes.ints("pads") ?? axes.flatMap(() => [0, 0]);
  const whole = axes.map((i) =>
    stride[i]! * (extents[i]! - 1) + (size[i]! - 1) * dilation[i]! + 1 + extra[i]!
  );
  const same = auto.startsWith("SAME");
  const wanted = attributes.ints("output_shape") ??
    (same ? axes.map((i) => extents[i]! * stride[i]!) : undefined);
  const margins = axes.map((i): Two => {
    if (wanted === undefined) return auto === "VALID" ? [0, 0] : [pads[i] ?? 0, pads[i + axes.length] ?? 0];
    const total = whole[i]! - wanted.at(i - axes.length)!;
    if (total < 0) return [0, total];
    const less = Math.trunc(total / 2), more = total - less;
    return auto === "SAME_UPPER" ? [less, more] : [more, less];
  });
  // Negative margins cut off, which is what margins of a transposed convolution mean.
  const before = margins.map(([n]) => -n), after = margins.map(([, n], i) => extra[i]! - n);
  const y = padded(spread(call, x, weight, stride, dilation), before, after);
  return bias === undefined ? y : y.add(bias.reshape([-1, ...axes.map(() => 1)]));
}

/** Convolutions. */
export const CONVOLUTION: Operators = { Conv: conv, ConvTranspose: convTranspose };
