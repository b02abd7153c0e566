/** Largest, smallest and middle elements, and where they are. */
import { type DimOr, dimThen } from "../../dim_then.ts";
import { INDEX_DTYPE } from "../../dtype.ts";
import type { KernelOp } from "../../op.ts";
import { named, type TwoResults } from "../../named_results.ts";
import { tidySync } from "../../scope.ts";
import { normalizeAxis } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { TensorBase } from "../../tensor/base.ts";
import { maximum, minimum } from "../pointwise/binary.ts";
import { amax, amin, checkNotEmpty, largest, smallest } from "./reduce.ts";
import { REDUCE_OPTIONS, reducedShape, type ReduceOptions } from "./reduction.ts";
import { called } from "../base/called.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** Elements of a tensor, and where they were along an axis. */
export interface ValuesAndIndices extends TwoResults {
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
export function argmax(
  x: Tensor,
  dim?: DimOr<number, ReduceOptions>,
  options?: boolean | ReduceOptions,
): Tensor {
  checkCall("argmax", arguments, "x..");
  [dim, options = {}] = dimThen("argmax()", REDUCE_OPTIONS, dim, options);
  return arg(ARGMAX, x, dim, options);
}

/** Positions (int64) of the smallest elements along `dim`, or in `x` as one row if none is given; the first of equals, the first NaN. */
export function argmin(
  x: Tensor,
  dim?: DimOr<number, ReduceOptions>,
  options?: boolean | ReduceOptions,
): Tensor {
  checkCall("argmin", arguments, "x..");
  [dim, options = {}] = dimThen("argmin()", REDUCE_OPTIONS, dim, options);
  return arg(ARGMIN, x, dim, options);
}

/** The elements of `x` at `indices`, which have extent 1 along `axis`. */
export function picked(x: Tensor, axis: number, indices: Tensor, keepdim: boolean): ValuesAndIndices {
  const values = x.gather(axis, indices);
  return named(
    keepdim ? { values, indices } : { values: values.squeeze(axis), indices: indices.squeeze(axis) },
  );
}

/** The largest element of all; NaN wins; the slope is shared evenly over ties, and over NaN. */
export function max(x: Tensor): Tensor;
/** The largest elements along `dim` and the first positions of them, to which alone the gradient goes. */
export function max(
  x: Tensor,
  dim: DimOr<number, ReduceOptions>,
  options?: boolean | ReduceOptions,
): ValuesAndIndices;
/** The larger of two, element by element, as {@linkcode maximum}. */
export function max(x: Tensor, other: Tensor): Tensor;
export function max(
  x: Tensor,
  dim?: DimOr<number, ReduceOptions> | Tensor,
  options?: boolean | ReduceOptions,
): Tensor | ValuesAndIndices {
  checkCall("max", arguments, "x..");
  if (dim instanceof TensorBase) return maximum(x, dim);
  const [along, { keepdim = false } = {}] = dimThen("max()", REDUCE_OPTIONS, dim, options);
  if (along === undefined) return largest(x);
  const axis = normalizeAxis("max", along, x.ndim);
  return called("max", [x], () => picked(x, axis, argmax(x, axis, { keepdim: true }), keepdim));
}

/** The smallest element of all; NaN wins; the slope is shared evenly over ties, and over NaN. */
export function min(x: Tensor): Tensor;
/** The smallest elements along `dim` and the first positions of them, to which alone the gradient goes. */
export function min(
  x: Tensor,
  dim: DimOr<number, ReduceOptions>,
  options?: boolean | ReduceOptions,
): ValuesAndIndices;
/** The smaller of two, element by element, as {@linkcode minimum}. */
export function min(x: Tensor, other: Tensor): Tensor;
export function min(
  x: Tensor,
  dim?: DimOr<number, ReduceOptions> | Tensor,
  options?: boolean | ReduceOptions,
): Tensor | ValuesAndIndices {
  checkCall("min", arguments, "x..");
  if (dim instanceof TensorBase) return minimum(x, dim);
  const [along, { keepdim = false } = {}] = dimThen("min()", REDUCE_OPTIONS, dim, options);
  if (along === undefined) return smallest(x);
  const axis = normalizeAxis("min", along, x.ndim);
  return called("min", [x], () => picked(x, axis, argmin(x, axis, { keepdim: true }), keepdim));
}

/** Result of {@linkcode aminmax}: the smallest and the largest elements. */
export interface AminmaxResult extends TwoResults {
  /** The smallest elements. */
  readonly min: Tensor;
  /** The largest elements. */
  readonly max: Tensor;
}

/** The smallest and the largest elements along `dim`, of all if none is given; the slope is shared evenly over ties. */
export function aminmax(
  x: Tensor,
  dim?: DimOr<number, ReduceOptions>,
  options?: boolean | ReduceOptions,
): AminmaxResult {
  checkCall("aminmax", arguments, "x..");
  const [along, others = {}] = dimThen("aminmax()", REDUCE_OPTIONS, dim, options);
  checkNotEmpty("aminmax", x, along);
  return called(
    "aminmax",
    [x],
    () => named<AminmaxResult>({ min: amin(x, along, others), max: amax(x, along, others) }),
  );
}
