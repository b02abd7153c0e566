/** The largest elements of sliding windows. */
import { named, type TwoResults } from "../../named_results.ts";
import { INDEX_DTYPE } from "../../dtype.ts";
import type { Window2d } from "../../backend/kernel_call.ts";
import * as e from "../../expr/expr.ts";
import type { FusedOp } from "../../op.ts";
import { tidySync } from "../../scope.ts";
import type { Tensor } from "../../tensor.ts";
import { relu } from "../pointwise/activation.ts";
import { le } from "../pointwise/comparison.ts";
import { elementwise, type ElementwiseOp, NO_SCALARS } from "../base/elementwise.ts";
import { FULL } from "../base/fill.ts";
import { poolWindow } from "./pool_window.ts";
import { type Pair, windowCounts, windowsOf } from "./window.ts";
import { called } from "../base/called.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

interface PoolParams {
  readonly window: Window2d;
  readonly relu: boolean;
}

/**
 * The position in the plane of element `x` (row-major) of the window at the
 * current coordinates; scalars: height, width, kw, then stride, padding and
 * dilation of both axes. In a window of -Infinity alone the padding may come
 * first, and the first element of the plane is meant.
 */
const positionExpr = (): e.Expr => {
  const s = (i: number) => e.scalar(i);
  const along = (axis: number, within: e.Expr, stride: number) => {
    const start = e.sub(e.mul(e.coordinate(axis), s(stride)), s(stride + 2));
    const dilation = s(stride + 4);
    const steps = e.floorDiv(e.sub(e.sub(dilation, 1), e.min(start, 0)), dilation);
    return { at: e.add(start, e.mul(within, dilation)), first: e.add(start, e.mul(steps, dilation)) };
  };
  const row = along(2, e.floorDiv(e.input(0), s(2)), 3), column = along(3, e.remainder(e.input(0), s(2)), 4);
  const within = [
    e.lessEqual(0, row.at),
    e.less(row.at, s(0)),
    e.lessEqual(0, column.at),
    e.less(column.at, s(1)),
  ].reduce((a, b) => e.mul(a, b));
  const index = (r: e.Expr, c: e.Expr) => e.add(e.mul(r, s(1)), c);
  return e.where(within, index(row.at, column.at), index(row.first, column.first));
};
const POSITION: ElementwiseOp = elementwise({
  name: "windowPosition",
  kind: "integral",
  expr: positionExpr(),
});

/** A position, or -1 where there is none; the gradient that a position takes, and where to, though it be 0. */
const POSITION_IF: ElementwiseOp = elementwise({
  name: "windowPositionIf",
  kind: "integral",
  expr: e.where(e.input(1), -1, e.input(0)),
});
const TAKEN: ElementwiseOp = elementwise({
  name: "takenGradient",
  kind: "same",
  expr: e.where(e.less(e.input(1), 0), 0, e.input(0)),
});
const PLACE: ElementwiseOp = elementwise({
  name: "place",
  kind: "integral",
  expr: e.max(e.input(0), 0),
});

/** The values of {@linkcode MAX_POOL2D} alone, for what no tape hears of. */
const MAX_VALUES2D: FusedOp<PoolParams> = {
  kind: "fused",
  name: "maxPool2d",
  infer: ([x], params) => MAX_POOL2D.infer([x!], params).slice(0, 1),
  kernel: (_inputs, _outputs, params) => ({ kernel: "maxPool2d", ...params }),
  composite([x], { window, relu: positive }) {
    const windows = windowsOf(x!, window, -Infinity), [h, w] = window.size;
    const values = windows.reshape([...windows.shape.slice(0, 4), h * w]).amax(-1);
    return positive ? relu(values) : values;
  },
};

/** x [n, c, h, w] to values and positions [n, c, h', w']. */
const MAX_POOL2D: FusedOp<PoolParams> = {
  kind: "fused",
  name: "maxPool2d",
  gradName: "maxPool2DWithIndices",
  infer([x], { window }) {
    const [n, c, h, w] = x!.shape;
    const shape = [n!, c!, ...windowCounts("maxPool2d", window, [h!, w!])];
    return [{ shape, dtype: x!.dtype }, { shape, dtype: "int32" }];
  },
  kernel: (_inputs, _outputs, params) => ({ kernel: "maxPool2d", ...params }),
  composite([x], { window, relu: positive }) {
    const windows = windowsOf(x!, window, -Infinity), { size, stride, padding, dilation } = window;
    const { values, indices } = windows.reshape([...windows.shape.slice(0, 4), size[0] * size[1]]).max(-1);
    const scalars = [x!.shape[2]!, x!.shape[3]!, size[1], ...stride, padding[0], padding[2], ...dilation];
    const positions = indices.to("int32").apply(POSITION, { scalars });
    if (!positive) return [values, positions];
    return [relu(values), positions.apply(POSITION_IF, NO_SCALARS, le(values, 0))];
  },
  saves: () => ({ outputs: [1] }),
  readsGradsOf: 1,
  vjp: ([g], saved) => [() => {
    const [, , h, w] = saved.spec(0).shape, { window } = saved.params;
    return g!.apply(MAX_POOL2D_GRAD, { size: [h!, w!], window }, saved.output(1));
  }],
};

/** g and positions [n, c, h', w'] to [n, c, h, w]. */
const MAX_POOL2D_GRAD: FusedOp<{ readonly size: readonly [number, number]; readonly window: Window2d }> = {
  kind: "fused",
  name: "maxPool2dGrad",
  infer: ([g], { size }) => [{ shape: [g!.shape[0]!, g!.shape[1]!, ...size], dtype: g!.dtype }],
  kernel: (_inputs, _outputs, { window }) => ({ kernel: "maxPool2dGrad", window }),
  composite([g, positions], { size: [h, w] }) {
    const [n, c] = g!.shape, flat = [n!, c!, -1];
    const zeros = g!.applyFresh(FULL, { shape: [n!, c!, h * w], dtype: g!.dtype, scalars: [0] });
    const places = positions!.apply(PLACE, NO_SCALARS), passed = g!.apply(TAKEN, NO_SCALARS, positions!);
    return zeros.scatterAdd(2, places.reshape(flat), passed.reshape(flat)).reshape([n!, c!, h, w]);
  },
};

/** Options of {@linkcode maxPool2d}; one number or [vertical, horizontal] each. */
export interface MaxPool2dOptions {
  /** Steps between windows; the size of the window by default. */
  readonly stride?: Pair;
  /** Rows and columns of -Infinity around the input, at most half of the window; 0 by default. */
  readonly padding?: Pair;
  /** Steps between the elements of a window; 1 by default. */
  readonly dilation?: Pair;
  /** Keep the windows that reach beyond the end. */
  readonly ceilMode?: boolean;
  /** Pool relu(x), which is never made; false by default. Windows without a positive element have index -1. */
  readonly relu?: boolean;
}
const MAX_POOL2D_OPTIONS: OptionKeys<MaxPool2dOptions> = {
  stride: true,
  padding: true,
  dilation: true,
  ceilMode: true,
  relu: true,
};

/** Options of {@linkcode maxPool1d}. */
export interface MaxPool1dOptions {
  /** Steps between windows; the size of the window by default. */
  readonly stride?: number;
  /** Elements added on both sides, at most half of the window; 0 by default. */
  readonly padding?: number;
  /** Steps between the elements of a window; 1 by default. */
  readonly dilation?: number;
  /** Keep the windows that reach beyond the end. */
  readonly ceilMode?: boolean;
}
const MAX_POOL1D_OPTIONS: OptionKeys<MaxPool1dOptions> = {
  stride: true,
  padding: true,
  dilation: true,
  ceilMode: true,
};

/** Result of max pooling with indices: the maxima, and the flat int64 positions of the elements they come from. */
export interface PooledWithIndices extends TwoResults {
  /** The largest elements. */
  readonly values: Tensor;
  /** Positions in the plane: `row * w + column`; along one axis, or in a volume, counted alike. */
  readonly indices: Tensor;
}

/**
 * The largest element of each window of each channel; NaN wins, and of equals
 * the first takes the gradient.
 *
 * @param x `[n, c, h, w]`, or `[c, h, w]`.
 * @param kernelSize Extents of the windows.
 * @throws {RangeError} If the padded input is smaller than a window.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, maxPool2d, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([[[1, 2, 5, 0], [3, 4, 0, 1]]], { device });
 * assertEquals(maxPool2d(x, 2).tolist(), [[[4, 5]]]);
 * ```
 */
export function maxPool2d(x: Tensor, kernelSize: Pair, options: MaxPool2dOptions = {}): Tensor {
  checkCall("maxPool2d", arguments, "xp.");
  options = readOptions("maxPool2d()", options, MAX_POOL2D_OPTIONS);
  return called("maxPool2d", [x], () => {
    const op = x.isRecorded ? MAX_POOL2D : MAX_VALUES2D;
    return pooled(op, x, kernelSize, options)[0]!;
  });
}

/** {@linkcode maxPool2d}, and where in their planes the elements lie. */
export function maxPool2dWithIndices(
  x: Tensor,
  kernelSize: Pair,
  options: MaxPool2dOptions = {},
): PooledWithIndices {
  checkCall("maxPool2dWithIndices", arguments, "xp.");
  options = readOptions("maxPool2dWithIndices()", options, MAX_POOL2D_OPTIONS);
  return called("maxPool2dWithIndices", [x], () => {
    const [values, indices] = pooled(MAX_POOL2D, x, kernelSize, options);
    return named({ values: values!, indices: indices!.to(INDEX_DTYPE) });
  });
}

/** All that an op gives of the windows. */
function pooled(
  op: FusedOp<PoolParams>,
  x: Tensor,
  kernelSize: Pair,
  options: MaxPool2dOptions,
): readonly Tensor[] {
  const window = poolWindow("maxPool2d", x, kernelSize, options), { relu = false } = options;
  if (x.ndim === 4) return x.applyAll(op, { window, relu });
  return tidySync(() => x.unsqueeze(0).applyAll(op, { window, relu }).map((t) => t.squeeze(0)));
}

/** {@linkcode maxPool2d} over one axis: x `[n, c, l]`, or `[c, l]`. */
export function maxPool1d(x: Tensor, kernelSize: number, options: MaxPool1dOptions = {}): Tensor {
  checkCall("maxPool1d", arguments, "xd.");
  options = readOptions("maxPool1d()", options, MAX_POOL1D_OPTIONS);
  return called(
    "maxPool1d",
    [x],
    () => maxPool2d(x.unsqueeze(-2), [1, kernelSize], alongRow(kernelSize, options)).squeeze(-2),
  );
}

/** {@linkcode maxPool1d}, and where along the axis the elements lie (int64). */
export function maxPool1dWithIndices(
  x: Tensor,
  kernelSize: number,
  options: MaxPool1dOptions = {},
): PooledWithIndices {
  checkCall("maxPool1dWithIndices", arguments, "xd.");
  options = readOptions("maxPool1dWithIndices()", options, MAX_POOL1D_OPTIONS);
  return called("maxPool1dWithIndices", [x], () => {
    const { values, indices } = maxPool2dWithIndices(
      x.unsqueeze(-2),
      [1, kernelSize],
      alongRow(kernelSize, options),
    );
    return named({ values: values.squeeze(-2), indices: indices.squeeze(-2) });
  });
}

/** The windows of an axis as those of a plane with one row. */
const alongRow = (
  kernelSize: number,
  { stride = kernelSize, padding = 0, dilation = 1, ceilMode = false }: MaxPool1dOptions,
): MaxPool2dOptions => ({
  stride: [1, stride],
  padding: [0, padding],
  dilation: [1, dilation],
  ceilMode,
});
