/** Pooling over three axes, which is pooling over two and then over one. */
import { named } from "../../named_results.ts";
import { INDEX_DTYPE } from "../../dtype.ts";
import { tidySync } from "../../scope.ts";
import { showShape, sizeOf } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { accumulated } from "../base/accumulated.ts";
import { avgPool2d } from "./avg_pool.ts";
import { maxPool2d, maxPool2dWithIndices, type PooledWithIndices } from "./max_pool.ts";
import { type Triple, tripleOf } from "./triple.ts";
import { called, naming } from "../base/called.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** Options of {@linkcode maxPool3d}; one number or [depth, height, width] each. */
export interface MaxPool3dOptions {
  /** Steps between windows; the size of the window by default. */
  readonly stride?: Triple;
  /** What never wins around the input, at most half of the window; 0 by default. */
  readonly padding?: Triple;
  /** Steps between the elements of a window; 1 by default. */
  readonly dilation?: Triple;
  /** Keep the windows that reach beyond the end. */
  readonly ceilMode?: boolean;
}
const MAX_POOL3D_OPTIONS: OptionKeys<MaxPool3dOptions> = {
  stride: true,
  padding: true,
  dilation: true,
  ceilMode: true,
};

/** Options of {@linkcode avgPool3d}; one number or [depth, height, width] each. */
export interface AvgPool3dOptions {
  /** Steps between windows; the size of the window by default. */
  readonly stride?: Triple;
  /** Zeros around the input, at most half of the window; 0 by default. */
  readonly padding?: Triple;
  /** Keep the windows that reach beyond the end. */
  readonly ceilMode?: boolean;
  /** Whether the zeros around count as elements; true by default. */
  readonly countIncludePad?: boolean;
  /** What to divide sums by in place of the number of elements. */
  readonly divisorOverride?: number;
}
const AVG_POOL3D_OPTIONS: OptionKeys<AvgPool3dOptions> = {
  stride: true,
  padding: true,
  ceilMode: true,
  countIncludePad: true,
  divisorOverride: true,
};

type Pair = readonly [number, number];

/** How windows lie along two axes. */
interface Lay {
  readonly stride: Pair;
  readonly padding: Pair;
  readonly dilation: Pair;
}

/** Windows over three axes: those in the planes, and those along the depth. */
interface Volumes {
  readonly channels: number;
  readonly extents: readonly [d: number, h: number, w: number];
  readonly inPlanes: readonly [size: Pair, lay: Lay];
  readonly inDepth: readonly [size: Pair, lay: Lay];
}

function volumesOf(op: string, x: Tensor, kernelSize: Triple, options: MaxPool3dOptions): Volumes {
  if (x.ndim !== 5 && x.ndim !== 4) {
    throw new RangeError(
      `Cannot apply ${op}() as the shape must be [n, c, d, h, w] or [c, d, h, w]: ` +
        `current shape is ${showShape(x.shape)}`,
    );
  }
  const size = tripleOf(op, "kernelSize", kernelSize, 1);
  const stride = tripleOf(op, "stride", options.stride ?? size, 1);
  const padding = tripleOf(op, "padding", options.padding ?? 0, 0);
  const dilation = tripleOf(op, "dilation", options.dilation ?? 1, 1);
  const [d, h, w] = x.shape.slice(-3) as [number, number, number];
  return {
    channels: sizeOf(x.shape.slice(0, -3)),
    extents: [d, h, w],
    inPlanes: [[size[1], size[2]], {
      stride: [stride[1], stride[2]],
      padding: [padding[1], padding[2]],
      dilation: [dilation[1], dilation[2]],
    }],
    inDepth: [[size[0], 1], { stride: [stride[0], 1], padding: [padding[0], 0], dilation: [dilation[0], 1] }],
  };
}

/** Runs a pooling op of planes on the planes of `x`, and then on [depth, all else]. */
function pooled(
  op: string,
  x: Tensor,
  kernelSize: Triple,
  options: MaxPool3dOptions,
  pool: (planes: Tensor, size: Pair, lay: Lay) => Tensor,
): Tensor {
  const { channels, extents: [d, h, w], inPlanes, inDepth } = volumesOf(op, x, kernelSize, options);
  return tidySync(() => {
    const planes = pool(x.reshape([channels, d, h, w]), ...inPlanes);
    const [rows, columns] = planes.shape.slice(-2) as [number, number];
    const y = pool(planes.reshape([1, channels, d, rows * columns]), ...inDepth);
    return y.reshape([...x.shape.slice(0, -3), y.shape[2]!, rows, columns]);
  });
}

/**
 * {@linkcode maxPool2d} over three axes.
 *
 * @param x `[n, c, d, h, w]`, or `[c, d, h, w]`.
 * @param kernelSize Extents of the windows.
 * @throws {RangeError} If the padded input is smaller than a window.
 */
export function maxPool3d(x: Tensor, kernelSize: Triple, options: MaxPool3dOptions = {}): Tensor {
  checkCall("maxPool3d", arguments, "xp.");
  options = readOptions("maxPool3d()", options, MAX_POOL3D_OPTIONS);
  const { ceilMode = false } = options;
  const pool = (planes: Tensor, size: Pair, lay: Lay) => maxPool2d(planes, size, { ...lay, ceilMode });
  return naming("maxPool3d", [x], () => pooled("maxPool3d", x, kernelSize, options, pool));
}

/**
 * {@linkcode maxPool3d}, and where in their volumes the elements lie: `(depth * h + row) * w + column`.
 *
 * @param x `[n, c, d, h, w]`, or `[c, d, h, w]`.
 * @param kernelSize Extents of the windows.
 * @throws {RangeError} If the padded input is smaller than a window.
 */
export function maxPool3dWithIndices(
  x: Tensor,
  kernelSize: Triple,
  options: MaxPool3dOptions = {},
): PooledWithIndices {
  checkCall("maxPool3dWithIndices", arguments, "xp.");
  options = readOptions("maxPool3dWithIndices()", options, MAX_POOL3D_OPTIONS);
  const { channels, extents: [d, h, w], inPlanes, inDepth } = volumesOf(
    "maxPool3dWithIndices",
    x,
    kernelSize,
    options,
  );
  const { ceilMode = false } = options;
  const pool = (planes: Tensor, size: Pair, lay: Lay) =>
    maxPool2dWithIndices(planes, size, { ...lay, ceilMode });
  return called("maxPool3dWithIndices", [x], () => {
    const planes = pool(x.reshape([channels, d, h, w]), ...inPlanes);
    const [rows, columns] = planes.values.shape.slice(-2) as [number, number], places = rows * columns;
    const { values, indices } = pool(planes.values.reshape([1, channels, d, places]), ...inDepth);
    // Which of the largest elements of planes each is, and where in its plane that lies.
    const at = indices.reshape([channels, -1]).to("int32"),
      within = planes.indices.to("int32").reshape([channels, -1]).gather(1, at);
    const shape = [...x.shape.slice(0, -3), values.shape[2]!, rows, columns];
    return named({
      values: values.reshape(shape),
      indices: at.floorDivide(places).mul(h * w).add(within).reshape(shape).to(INDEX_DTYPE),
    });
  });
}

/**
 * {@linkcode avgPool2d} over three axes.
 *
 * @param x `[n, c, d, h, w]`, or `[c, d, h, w]`.
 * @param kernelSize Extents of the windows.
 * @throws {RangeError} If the padded input is smaller than a window.
 */
export function avgPool3d(x: Tensor, kernelSize: Triple, options: AvgPool3dOptions = {}): Tensor {
  checkCall("avgPool3d", arguments, "xp.");
  options = readOptions("avgPool3d()", options, AVG_POOL3D_OPTIONS);
  const { ceilMode = false, countIncludePad = true, divisorOverride } = options;
  if (divisorOverride === undefined) {
    return accumulated([x], (x) =>
      pooled(
        "avgPool3d",
        x,
        kernelSize,
        options,
        (planes, size, { stride, padding }) =>
          avgPool2d(planes, size, { stride, padding, ceilMode, countIncludePad }),
      ), "avgPool3d");
  }
  if (divisorOverride === 0) {
    throw new RangeError("Cannot apply avgPool3d() as divisorOverride must not be 0");
  }
  return accumulated([x], (x) => {
    const sums = pooled(
      "avgPool3d",
      x,
      kernelSize,
      options,
      (planes, size, { stride, padding }) =>
        avgPool2d(planes, size, { stride, padding, ceilMode, divisorOverride: 1 }),
    );
    return sums.div(divisorOverride);
  }, "avgPool3d");
}
