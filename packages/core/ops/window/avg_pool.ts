/** The means of sliding windows. */
import type { Window2d } from "../../backend/kernel_call.ts";
import * as e from "../../expr/expr.ts";
import type { FusedOp } from "../../op.ts";
import type { Tensor } from "../../tensor.ts";
import { accumulated } from "../base/accumulated.ts";
import { elementwise, type ElementwiseOp } from "../base/elementwise.ts";
import { poolWindow } from "./pool_window.ts";
import { addWindows, type Pair, windowCounts, windowsOf } from "./window.ts";
import { called } from "../base/called.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

interface AvgPoolParams {
  readonly window: Window2d;
  readonly countIncludePad: boolean;
  /** Extents of the input. */
  readonly size: readonly [number, number];
}

/** x by the number of elements of the plane in the window at the current coordinates. */
const divided = (): e.Expr => {
  // Scalars: extent, window, stride and padding of both axes.
  const count = (axis: 0 | 1) => {
    const [extent, size, stride, padding] = [0, 2, 4, 6].map((i) => e.scalar(i + axis));
    const start = e.sub(e.mul(e.coordinate(2 + axis), stride!), padding!);
    return e.sub(e.min(e.add(start, size!), extent!), e.max(start, 0));
  };
  return e.div(e.input(0), e.mul(count(0), count(1)));
};
const DIVIDE_BY_COUNT: ElementwiseOp = elementwise({ name: "divideByCount", kind: "float", expr: divided() });

function averaged(sums: Tensor, { window, countIncludePad, size }: AvgPoolParams): Tensor {
  if (countIncludePad) return sums.div(window.size[0] * window.size[1]);
  const scalars = [...size, ...window.size, ...window.stride, window.padding[0], window.padding[2]];
  return sums.apply(DIVIDE_BY_COUNT, { scalars });
}

/** x [n, c, h, w] to [n, c, h', w']. */
const AVG_POOL2D: FusedOp<AvgPoolParams> = {
  kind: "fused",
  name: "avgPool2d",
  gradName: "avgPool2D",
  infer([x], { window }) {
    const [n, c, h, w] = x!.shape;
    return [{ shape: [n!, c!, ...windowCounts("avgPool2d", window, [h!, w!])], dtype: x!.dtype }];
  },
  kernel: (_inputs, _outputs, { window, countIncludePad }) => ({
    kernel: "avgPool2d",
    window,
    countIncludePad,
  }),
  composite: ([x], params) => averaged(windowsOf(x!, params.window).sum([4, 5]), params),
  vjp: ([g], { params }) => [() => g!.apply(AVG_POOL2D_GRAD, params)],
};

/** g [n, c, h', w'] to [n, c, h, w]. */
const AVG_POOL2D_GRAD: FusedOp<AvgPoolParams> = {
  kind: "fused",
  name: "avgPool2dGrad",
  infer: ([g], { size }) => [{ shape: [g!.shape[0]!, g!.shape[1]!, ...size], dtype: g!.dtype }],
  kernel: (_inputs, _outputs, { window, countIncludePad }) => ({
    kernel: "avgPool2dGrad",
    window,
    countIncludePad,
  }),
  composite([g], params) {
    const { window, size } = params, shares = averaged(g!, params);
    const windows = shares.reshape([...shares.shape, 1, 1]).expand([...shares.shape, ...window.size]);
    return addWindows(windows, window, size).contiguous();
  },
  vjp: ([u], { params }) => [() => u!.apply(AVG_POOL2D, params)],
};

/** Options of {@linkcode avgPool2d}; one number or [vertical, horizontal] each. */
export interface AvgPool2dOptions {
  /** Steps between windows; the size of the window by default. */
  readonly stride?: Pair;
  /** Rows and columns of zeros around the input, at most half of the window; 0 by default. */
  readonly padding?: Pair;
  /** Keep the windows that reach beyond the end. */
  readonly ceilMode?: boolean;
  /** Whether the zeros around count as elements; true by default. */
  readonly countIncludePad?: boolean;
  /** What to divide sums by in place of the number of elements. */
  readonly divisorOverride?: number;
}
const AVG_POOL2D_OPTIONS: OptionKeys<AvgPool2dOptions> = {
  stride: true,
  padding: true,
  ceilMode: true,
  countIncludePad: true,
  divisorOverride: true,
};

/**
 * The mean of each window of each channel.
 *
 * @param x `[n, c, h, w]`, or `[c, h, w]`.
 * @param kernelSize Extents of the windows.
 * @throws {RangeError} If the padded input is smaller than a window.
 */
export function avgPool2d(x: Tensor, kernelSize: Pair, options: AvgPool2dOptions = {}): Tensor {
  checkCall("avgPool2d", arguments, "xp.");
  options = readOptions("avgPool2d()", options, AVG_POOL2D_OPTIONS);
  if (x.ndim === 3) {
    return called("avgPool2d", [x], () => {
      const batch = x.unsqueeze(0);
      const y = avgPool2d(batch, kernelSize, options);
      return y.squeeze(0);
    });
  }
  const { countIncludePad = true, divisorOverride } = options;
  const window = poolWindow("avgPool2d", x, kernelSize, options);
  const pool = (input: Tensor, window: Window2d, countIncludePad: boolean) =>
    input.apply(AVG_POOL2D, { window, countIncludePad, size: [input.shape[2]!, input.shape[3]!] });
  if (divisorOverride !== undefined) {
    if (divisorOverride === 0) {
      throw new RangeError("Cannot apply avgPool2d() as divisorOverride must not be 0");
    }
    return accumulated(
      [x],
      (x) => pool(x, window, true).mul(window.size[0] * window.size[1] / divisorOverride),
      "avgPool2d",
    );
  }
  const [top, bottom, left, right] = window.padding;
  if (!countIncludePad || (bottom <= top && right <= left)) return pool(x, window, countIncludePad);
  // Padding counts, but not what was added behind it for the sake of the last window.
  return called("avgPool2d", [x], () => {
    const padded = x.pad([left, left, top, top]);
    return pool(padded, { ...window, padding: [0, bottom - top, 0, right - left] }, false);
  });
}

/** Options of {@linkcode avgPool1d}. */
export interface AvgPool1dOptions {
  /** Steps between windows; the size of the window by default. */
  readonly stride?: number;
  /** Elements added on both sides, at most half of the window; 0 by default. */
  readonly padding?: number;
  /** Keep the windows that reach beyond the end. */
  readonly ceilMode?: boolean;
  /** Whether the zeros around count as elements; true by default. */
  readonly countIncludePad?: boolean;
}
const AVG_POOL1D_OPTIONS: OptionKeys<AvgPool1dOptions> = {
  stride: true,
  padding: true,
  ceilMode: true,
  countIncludePad: true,
};

/** {@linkcode avgPool2d} over one axis: x `[n, c, l]`, or `[c, l]`. */
export function avgPool1d(x: Tensor, kernelSize: number, options: AvgPool1dOptions = {}): Tensor {
  checkCall("avgPool1d", arguments, "xd.");
  options = readOptions("avgPool1d()", options, AVG_POOL1D_OPTIONS);
  const { stride = kernelSize, padding = 0, ...rest } = options;
  return called("avgPool1d", [x], () => {
    const row = x.unsqueeze(-2);
    const y = avgPool2d(row, [1, kernelSize], { ...rest, stride: [1, stride], padding: [0, padding] });
    return y.squeeze(-2);
  });
}
