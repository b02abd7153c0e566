/** The windows of pooling. */
import type { Window2d } from "../../backend/kernel_call.ts";
import { isFloating } from "../../dtype.ts";
import { showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { ceilPadding, type Pair, pairOf } from "./window.ts";

/** What the windows of all pooling ops may be given. */
export interface PoolOptions {
  readonly stride?: Pair;
  readonly padding?: Pair;
  readonly dilation?: Pair;
  readonly ceilMode?: boolean;
}

/** The windows of a pooling op over the last two axes of `x`. */
export function poolWindow(op: string, x: Tensor, kernelSize: Pair, options: PoolOptions): Window2d {
  if ((x.ndim !== 4 && x.ndim !== 3) || !isFloating(x.dtype)) {
    const current = `current shape is ${showShape(x.shape)}, dtype is ${x.dtype}`;
    const message =
      `Cannot apply ${op}() as the input must be floating of shape [n, c, h, w] or [c, h, w]: ${current}`;
    throw isFloating(x.dtype) ? new RangeError(message) : new TypeError(message);
  }
  const size = pairOf(op, "kernelSize", kernelSize, 1);
  const stride = pairOf(op, "stride", options.stride ?? size, 1);
  const dilation = pairOf(op, "dilation", options.dilation ?? 1, 1);
  const before = pairOf(op, "padding", options.padding ?? 0, 0);
  if (before[0] > size[0] / 2 || before[1] > size[1] / 2) {
    throw new RangeError(
      `Cannot apply ${op}() as padding must be at most half of the window: ` +
        `current padding is ${showShape(before)}, window is ${showShape(size)}`,
    );
  }
  const after = ([0, 1] as const).map((i) =>
    options.ceilMode ? ceilPadding(x.shape.at(i - 2)!, size[i], stride[i], before[i], dilation[i]) : before[i]
  );
  return { size, stride, dilation, padding: [before[0], after[0]!, before[1], after[1]!] };
}
