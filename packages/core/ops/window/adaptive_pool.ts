/** Pooling to given extents. */
import { named } from "../../named_results.ts";
import * as e from "../../expr/expr.ts";
import { isFloating } from "../../dtype.ts";
import { tidySync } from "../../scope.ts";
import { showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { accumulated } from "../base/accumulated.ts";
import { avgPool2d } from "./avg_pool.ts";
import { elementwise, type ElementwiseOp, unary } from "../base/elementwise.ts";
import { ARANGE } from "../base/fill.ts";
import { maxPool2dWithIndices, type PooledWithIndices } from "./max_pool.ts";
import { called } from "../base/called.ts";
import { checkCall } from "../../tensor/check_call.ts";

// Window i of an axis runs from floor(i * extent / count) to ceil((i + 1) * extent / count), which is not in it.
const [EXTENT, COUNT, WIDTH] = [e.scalar(0), e.scalar(1), e.scalar(2)];
const startOf = (i: e.Expr) => e.floorDiv(e.mul(i, EXTENT), COUNT);
const endOf = (i: e.Expr) => e.neg(e.floorDiv(e.neg(e.mul(e.add(i, 1), EXTENT)), COUNT));

/** The positions in all windows of the widest width, from their numbers; the last one again where a window is narrower. */
const POSITIONS: ElementwiseOp = unary("windowPositions", "integral", (i) => {
  const window = e.floorDiv(i, WIDTH);
  return e.min(e.add(startOf(window), e.remainder(i, WIDTH)), e.sub(endOf(window), 1));
});

/** Shares of the elements of the windows [rows, count, width, inner] in their means; 0 for those that are there again. */
const SHARES: ElementwiseOp = elementwise({
  name: "windowShares",
  kind: "float",
  expr: ((): e.Expr => {
    const window = e.coordinate(1), extent = e.sub(endOf(window), startOf(window));
    return e.where(e.less(e.coordinate(2), extent), e.div(e.input(0), extent), 0);
  })(),
});

/** The windows of an axis, side by side. */
interface Windows {
  /** [rows, count, width, inner] */
  readonly values: Tensor;
  /** The position of each in the axis, int32 [count * width]. */
  readonly positions: Tensor;
  readonly scalars: readonly number[];
}

function windowsAlong(x: Tensor, axis: number, count: number): Windows {
  const extent = x.shape[axis]!;
  let width = 0;
  for (let i = 0; i < count; i++) {
    width = Math.max(width, Math.ceil((i + 1) * extent / count) - Math.floor(i * extent / count));
  }
  const scalars = [extent, count, width];
  const rows = x.shape.slice(0, axis).reduce((a, n) => a * n, 1);
  const numbers = x.applyFresh(ARANGE, { shape: [count * width], dtype: "int32", scalars: [0, 1] });
  const positions = numbers.apply(POSITIONS, { scalars });
  const values = x.indexSelect(axis, positions).reshape([rows, count, width, rows === 0 ? 0 : -1]);
  return { values, positions, scalars };
}

const replaced = (x: Tensor, axis: number, count: number): number[] => x.shape.with(axis, count);

function meanAlong(x: Tensor, axis: number, count: number): Tensor {
  if (count === x.shape[axis]) return x;
  if (count === 1) return x.mean(axis, { keepdim: true });
  const { values, scalars } = windowsAlong(x, axis, count);
  return values.apply(SHARES, { scalars }).sum(2).reshape(replaced(x, axis, count));
}

/** The largest elements and their positions in the axis; the first of equals. */
function maxAlong(x: Tensor, axis: number, count: number): PooledWithIndices {
  const { values, positions, scalars: [, , width] } = windowsAlong(x, axis, count);
  const found = values.max(2), shape = replaced(x, axis, count);
  const first = positions.reshape([count, width!]).select(1, 0)
    .reshape([count, ...x.shape.slice(axis + 1).map(() => 1)]);
  return named({ values: found.values.reshape(shape), indices: found.indices.reshape(shape).add(first) });
}

/** The extents that are asked for, null and undefined being those of `x`. */
function sizesOf(op: string, x: Tensor, outputSize: Sizes, axes: number): readonly number[] {
  const given = typeof outputSize === "number" ? new Array<number>(axes).fill(outputSize) : outputSize;
  const size = given.map((n, i) => n ?? x.shape.at(i - axes)!);
  const fits = size.length === axes && size.every((n) => Number.isInteger(n) && n > 0);
  const inputs = x.shape.slice(-axes);
  if (!fits || (x.ndim !== axes + 1 && x.ndim !== axes + 2) || inputs.includes(0) || !isFloating(x.dtype)) {
    const message =
      `Cannot apply ${op}() as the input must be floating with ${axes} axes behind the channels, and ` +
      `there must be a whole number from 1 for each: current shape is ${
        showShape(x.shape)
      }, dtype is ${x.dtype}, ` +
      `outputSize is ${typeof outputSize === "number" ? outputSize : `[${outputSize.join(", ")}]`}`;
    throw isFloating(x.dtype) ? new RangeError(message) : new TypeError(message);
  }
  return size;
}

/** One number for all axes, or one for each; null leaves an extent as it is. */
type Sizes = number | readonly (number | null)[];

/** Whether windows of one size cover both axes of a plane. */
const even = (x: Tensor, size: readonly number[]): boolean =>
  size.every((n, i) => x.shape.at(i - 2)! % n === 0);

function adaptiveAvgPool(op: string, x: Tensor, outputSize: Sizes, axes: number): Tensor {
  const size = sizesOf(op, x, outputSize, axes);
  if (axes === 2 && even(x, size)) {
    return avgPool2d(x, [x.shape.at(-2)! / size[0]!, x.shape.at(-1)! / size[1]!]);
  }
  // A mean of means, as the windows of a volume are products of those of its axes.
  return accumulated([x], (x) => {
    const y = size.reduce((part, n, i) => meanAlong(part, x.ndim - axes + i, n), x);
    return y === x ? x.clone() : y;
  });
}

function adaptiveMaxPool(op: string, x: Tensor, outputSize: Sizes, axes: number): PooledWithIndices {
  const size = sizesOf(op, x, outputSize, axes);
  if (axes === 2 && even(x, size)) {
    return maxPool2dWithIndices(x, [x.shape.at(-2)! / size[0]!, x.shape.at(-1)! / size[1]!]);
  }
  return tidySync(() => {
    // From the last axis on, so that the first of equals in row-major order is found.
    const last = x.ndim - 1;
    let found = maxAlong(x, last, size.at(-1)!), stride = x.shape[last]!;
    for (let axis = last - 1; axis > last - axes; axis--) {
      const next = maxAlong(found.values, axis, size.at(axis - x.ndim)!);
      const within = found.indices.gather(axis, next.indices);
      found = named({ values: next.values, indices: next.indices.mul(stride).add(within) });
      stride *= x.shape[axis]!;
    }
    return found;
  });
}

/** {@linkcode adaptiveAvgPool2d} over one axis: x `[n, c, l]`, or `[c, l]`. */
export function adaptiveAvgPool1d(x: Tensor, outputSize: number): Tensor {
  checkCall("adaptiveAvgPool1d", arguments, "xp");
  return adaptiveAvgPool("adaptiveAvgPool1d", x, outputSize, 1);
}

/**
 * The means of windows that are laid so that there are `outputSize` of them: window i of an axis of extent h
 * runs from `floor(i * h / count)` to `ceil((i + 1) * h / count)`.
 *
 * @param x `[n, c, h, w]`, or `[c, h, w]`.
 * @param outputSize Extents of the result; null leaves one as it is.
 * @throws {RangeError} If the shape or the size does not fit.
 * @throws {TypeError} If the dtype is not floating.
 *
 * @example The mean of each channel
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { adaptiveAvgPool2d, arange, Device, ReferenceBackend } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = arange(0, 9, 1, { device, dtype: "float32" }).reshape([1, 3, 3]);
 * assertEquals(adaptiveAvgPool2d(x, 1).tolist(), [[[4]]]);
 * assertEquals(adaptiveAvgPool2d(x, [1, 2]).tolist(), [[[3.5, 4.5]]]);
 * ```
 */
export function adaptiveAvgPool2d(
  x: Tensor,
  outputSize: number | readonly [number | null, number | null],
): Tensor {
  checkCall("adaptiveAvgPool2d", arguments, "xp");
  return adaptiveAvgPool("adaptiveAvgPool2d", x, outputSize, 2);
}

/** {@linkcode adaptiveAvgPool2d} over three axes: x `[n, c, d, h, w]`, or `[c, d, h, w]`. */
export function adaptiveAvgPool3d(
  x: Tensor,
  outputSize: number | readonly [number | null, number | null, number | null],
): Tensor {
  checkCall("adaptiveAvgPool3d", arguments, "xp");
  return adaptiveAvgPool("adaptiveAvgPool3d", x, outputSize, 3);
}

/** {@linkcode adaptiveMaxPool2d} over one axis: x `[n, c, l]`, or `[c, l]`. */
export function adaptiveMaxPool1d(x: Tensor, outputSize: number): Tensor {
  checkCall("adaptiveMaxPool1d", arguments, "xd");
  return called(
    "adaptiveMaxPool1d",
    [x],
    () => adaptiveMaxPool("adaptiveMaxPool1d", x, outputSize, 1).values,
  );
}

/**
 * The largest elements of windows laid as by {@linkcode adaptiveAvgPool2d}; NaN wins, and of equals the first
 * takes the gradient.
 *
 * @param x `[n, c, h, w]`, or `[c, h, w]`.
 * @param outputSize Extents of the result; null leaves one as it is.
 * @throws {RangeError} If the shape or the size does not fit.
 * @throws {TypeError} If the dtype is not floating.
 */
export function adaptiveMaxPool2d(
  x: Tensor,
  outputSize: number | readonly [number | null, number | null],
): Tensor {
  checkCall("adaptiveMaxPool2d", arguments, "xp");
  return called(
    "adaptiveMaxPool2d",
    [x],
    () => adaptiveMaxPool("adaptiveMaxPool2d", x, outputSize, 2).values,
  );
}

/** {@linkcode adaptiveMaxPool1d}, and where along the axis the elements lie. */
export function adaptiveMaxPool1dWithIndices(x: Tensor, outputSize: number): PooledWithIndices {
  checkCall("adaptiveMaxPool1dWithIndices", arguments, "xd");
  return adaptiveMaxPool("adaptiveMaxPool1dWithIndices", x, outputSize, 1);
}

/** {@linkcode adaptiveMaxPool2d}, and where in their planes the elements lie. */
export function adaptiveMaxPool2dWithIndices(
  x: Tensor,
  outputSize: number | readonly [number | null, number | null],
): PooledWithIndices {
  checkCall("adaptiveMaxPool2dWithIndices", arguments, "xp");
  return adaptiveMaxPool("adaptiveMaxPool2dWithIndices", x, outputSize, 2);
}

/** {@linkcode adaptiveMaxPool2d} over three axes: x `[n, c, d, h, w]`, or `[c, d, h, w]`. */
export function adaptiveMaxPool3d(
  x: Tensor,
  outputSize: number | readonly [number | null, number | null, number | null],
): Tensor {
  checkCall("adaptiveMaxPool3d", arguments, "xp");
  return called(
    "adaptiveMaxPool3d",
    [x],
    () => adaptiveMaxPool("adaptiveMaxPool3d", x, outputSize, 3).values,
  );
}

/** {@linkcode adaptiveMaxPool3d}, and where in their volumes the elements lie: `(depth * h + row) * w + column`. */
export function adaptiveMaxPool3dWithIndices(
  x: Tensor,
  outputSize: number | readonly [number | null, number | null, number | null],
): PooledWithIndices {
  checkCall("adaptiveMaxPool3dWithIndices", arguments, "xp");
  return adaptiveMaxPool("adaptiveMaxPool3dWithIndices", x, outputSize, 3);
}
