/** Largest, smallest and middle elements, and where they are. */
import { INDEX_DTYPE } from "../../dtype.ts";
import type { KernelOp } from "../../op.ts";
import { tidySync } from "../../scope.ts";
import { normalizeAxis } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { amax, amin, checkNotEmpty, largest, smallest } from "./reduce.ts";
import { reducedShape, type ReduceOptions } from "./reduction.ts";

/** Elements of a tensor, and where they were along an axis. */
export interface ValuesAndIndices {
  /** The elements. */
  readonly values: Tensor;
  /** Their positions, of the same shape. */
  readonly indices: Tensor;
}

interface ArgParams {
  readonly axis: number;
  readonly keepdim: boolean;
}

const argExtreme = (name: string, op: "max" | "min"): KernelOp<ArgParams> => ({
  kind: "kernel",
  name,
  differentiable: false,
  infer: ([x], { axis, keepdim }) => [{ shape: reducedShape(x!.shape, [axis], keepdim), dtype: INDEX_DTYPE }],
  kernel: (_inputs, _outputs, { axis }) => ({ kernel: "argreduce", op, axis }),
});

const ARGMAX: KernelOp<ArgParams> = argExtreme("argmax", "max");
const ARGMIN: KernelOp<ArgParams> = argExtreme("argmin", "min");

function arg(
  op: KernelOp<ArgParams>,
  x: Tensor,
  dim: number | undefined,
  { keepdim = false }: ReduceOptions,
): Tensor {
  checkNotEmpty(op.name, x, dim);
  if (dim !== undefined) return x.apply(op, { axis: normalizeAxis(op.name, dim, x.ndim), keepdim });
  return tidySync(() => {
    const found = x.reshape([-1]).apply(op, { axis: 0, keepdim: false });
    return keepdim ? found.reshape(x.shape.map(() => 1)) : found;
  });
}

/** Positions (int64) of the largest elements along `dim`, or in `x` as one row if none is given; the first of equals, the first NaN. */
export function argmax(x: Tensor, dim?: number, options: ReduceOptions = {}): Tensor {
  return arg(ARGMAX, x, dim, options);
}

/** Positions (int64) of the smallest elements along `dim`, or in `x` as one row if none is given; the first of equals, the first NaN. */
export function argmin(x: Tensor, dim?: number, options: ReduceOptions = {}): Tensor {
  return arg(ARGMIN, x, dim, options);
}

/** The elements of `x` at `indices`, which have extent 1 along `axis`. */
export function picked(x: Tensor, axis: number, indices: Tensor, keepdim: boolean): ValuesAndIndices {
  const values = x.gather(axis, indices);
  return keepdim ? { values, indices } : { values: values.squeeze(axis), indices: indices.squeeze(axis) };
}

/** The largest element of all; NaN wins; the slope is shared evenly over ties, and over NaN. */
export function max(x: Tensor): Tensor;
/** The largest elements along `dim` and the first positions of them, to which alone the gradient goes. */
export function max(x: Tensor, dim: number, options?: ReduceOptions): ValuesAndIndices;
export function max(
  x: Tensor,
  dim?: number,
  { keepdim = false }: ReduceOptions = {},
): Tensor | ValuesAndIndices {
  if (dim === undefined) return largest(x);
  const axis = normalizeAxis("max", dim, x.ndim);
  return tidySync(() => picked(x, axis, argmax(x, axis, { keepdim: true }), keepdim));
}

/** The smallest element of all; NaN wins; the slope is shared evenly over ties, and over NaN. */
export function min(x: Tensor): Tensor;
/** The smallest elements along `dim` and the first positions of them, to which alone the gradient goes. */
export function min(x: Tensor, dim: number, options?: ReduceOptions): ValuesAndIndices;
export function min(
  x: Tensor,
  dim?: number,
  { keepdim = false }: ReduceOptions = {},
): Tensor | ValuesAndIndices {
  if (dim === undefined) return smallest(x);
  const axis = normalizeAxis("min", dim, x.ndim);
  return tidySync(() => picked(x, axis, argmin(x, axis, { keepdim: true }), keepdim));
}

/** Result of {@linkcode aminmax}: the smallest and the largest elements. */
export interface AminmaxResult {
  /** The smallest elements. */
  readonly min: Tensor;
  /** The largest elements. */
  readonly max: Tensor;
}

/** The smallest and the largest elements along `dim`, of all if none is given; the slope is shared evenly over ties. */
export function aminmax(x: Tensor, dim?: number, options: ReduceOptions = {}): AminmaxResult {
  checkNotEmpty("aminmax", x, dim);
  return tidySync(() => ({ min: amin(x, dim, options), max: amax(x, dim, options) }));
}
