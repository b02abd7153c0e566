/** Elements brought together: sums, means, products, extremes, logic. */
import { type DimOr, dimThen } from "../../dim_then.ts";
import { type DType, isFloating } from "../../dtype.ts";
import * as e from "../../expr/expr.ts";
import type { KernelOp, Saved } from "../../op.ts";
import { normalizeAxes, showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { elementwise, type ElementwiseOp, NO_SCALARS } from "../base/elementwise.ts";
import {
  allIfEmpty,
  type Dims,
  REDUCE_OPTIONS,
  reducedCount,
  type ReduceOptions,
  reduceOver,
  type ReduceParams,
  reduction,
  unreduced,
} from "./reduction.ts";
import { called } from "../base/called.ts";
import type { OptionKeys } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

const X = e.input(0);

const SUM: KernelOp<ReduceParams> = reduction({
  name: "sum",
  op: "sum",
  body: X,
  kind: "wide",
  vjp: (g, saved) => unreduced(g, saved).expand(saved.spec(0).shape),
});

const MEAN: KernelOp<ReduceParams> = reduction({
  name: "mean",
  op: "sum",
  body: X,
  post: e.div(X, e.scalar(0)),
  kind: "float",
  vjp: (g, saved) => unreduced(g.div(saved.params.scalars[0]!), saved).expand(saved.spec(0).shape),
});

const PROD: KernelOp<ReduceParams> = reduction({
  name: "prod",
  op: "prod",
  body: X,
  kind: "wide",
  // The product is looked at as PyTorch's rule reads it: where it was overwritten, the gradient is refused.
  saves: { inputs: [0], outputs: [0] },
  accumulates: true,
  vjp: (g, saved) =>
    saved.output(0) && unreduced(g, saved).mul(productOfOthers(saved.input(0), saved.params.axes)),
});

/** For each element the product of those it is multiplied with: right where some are 0. */
function productOfOthers(x: Tensor, axes: readonly number[]): Tensor {
  // The reduced axes become one, the last.
  const kept = x.shape.map((_, i) => i).filter((i) => !axes.includes(i));
  const moved = x.permute([...kept, ...axes]);
  const line = moved.reshape([...kept.map((i) => x.shape[i]!), reducedCount(x.shape, axes)]);
  const before = exclusive(line).cumprod(-1);
  const after = exclusive(line.flip(-1)).cumprod(-1).flip(-1);
  const inverse: number[] = [];
  [...kept, ...axes].forEach((axis, i) => inverse[axis] = i);
  return before.mul(after).reshape(moved.shape).permute(inverse);
}

/** One step to the right along the last axis, a 1 entering. */
function exclusive(line: Tensor): Tensor {
  return line.pad([1, 0], { value: 1 }).narrow(-1, 0, line.shape.at(-1)!);
}

// (max x)' is shared evenly over ties
const shared = (g: Tensor, saved: Saved<ReduceParams>): Tensor => {
  const { axes } = saved.params;
  const ties = saved.input(0).eq(unreduced(saved.output(0), saved)).to(g.dtype);
  return ties.mul(unreduced(g, saved).div(ties.sum(axes, { keepdim: true })));
};
// The same where NaN is a tie with NaN.
const IS_TIE: ElementwiseOp = elementwise({
  name: "isTie",
  kind: "bool",
  expr: e.max(e.equal(X, e.input(1)), e.mul(e.isNan(X), e.isNan(e.input(1)))),
});
const sharedByNan = (g: Tensor, saved: Saved<ReduceParams>): Tensor => {
  const { axes } = saved.params, y = unreduced(saved.output(0), saved);
  const ties = saved.input(0).apply(IS_TIE, NO_SCALARS, y).to(g.dtype);
  return ties.mul(unreduced(g, saved).div(ties.sum(axes, { keepdim: true })));
};
const extreme = (name: string, op: "max" | "min", vjp = shared): KernelOp<ReduceParams> =>
  reduction({
    name,
    op,
    body: X,
    kind: "same",
    saves: { inputs: [0], outputs: [0] },
    accumulates: true,
    vjp,
  });

const AMAX: KernelOp<ReduceParams> = extreme("amax", "max");
const AMIN: KernelOp<ReduceParams> = extreme("amin", "min");
const MAX: KernelOp<ReduceParams> = extreme("max", "max", sharedByNan);
const MIN: KernelOp<ReduceParams> = extreme("min", "min", sharedByNan);
// Nothing to bring together gives the infinities: tested by sign, they are true and false.
const ALL: KernelOp<ReduceParams> = reduction({
  name: "all",
  op: "min",
  body: e.notEqual(X, 0),
  post: e.greater(X, 0),
  kind: "bool",
});
const ANY: KernelOp<ReduceParams> = reduction({
  name: "any",
  op: "max",
  body: e.notEqual(X, 0),
  post: e.greater(X, 0),
  kind: "bool",
});

/** Options of {@linkcode sum} and {@linkcode prod}. */
export interface SumOptions extends ReduceOptions {
  /** The type to calculate in; that of `x` by default, int64 for bool and integers. */
  readonly dtype?: DType;
}

/** The keys of {@linkcode SumOptions}. */
export const SUM_OPTIONS: OptionKeys<SumOptions> = { dtype: true, keepdim: true };

/**
 * The sum over the axes `dim`, over all if none are given. bool and integers give int64.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, sum, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([[1, 2, 3], [4, 5, 6]], { device });
 * assertEquals(sum(x).item(), 21);
 * assertEquals(sum(x, 1).tolist(), [6, 15]);
 * assertEquals(sum(x, 0, { keepdim: true }).shape, [1, 3]);
 * ```
 */
export function sum(x: Tensor, dim?: DimOr<Dims, SumOptions>, options?: boolean | SumOptions): Tensor {
  checkCall("sum", arguments, "x..");
  [dim, options = {}] = dimThen("sum()", SUM_OPTIONS, dim, options);
  return reduceOver(SUM, x, dim, options, undefined, options.dtype);
}

/** Options of {@linkcode mean}. */
export interface MeanOptions extends ReduceOptions {
  /** The type to calculate in, floating; that of `x` by default. */
  readonly dtype?: DType;
}
const MEAN_OPTIONS: OptionKeys<MeanOptions> = { dtype: true, keepdim: true };

/**
 * The mean over the axes `dim`, over all if none are given.
 *
 * @throws {TypeError} If `x` is of integers or bool and no floating `dtype` is given.
 */
export function mean(x: Tensor, dim?: DimOr<Dims, MeanOptions>, options?: boolean | MeanOptions): Tensor {
  checkCall("mean", arguments, "x..");
  [dim, options = {}] = dimThen("mean()", MEAN_OPTIONS, dim, options);
  const dtype = options.dtype ?? x.dtype;
  if (!isFloating(dtype)) {
    throw new TypeError(
      `Cannot apply mean() as the mean of whole numbers is none: current dtype is ${dtype}, ` +
        'say what it should be with .mean(dim, { dtype: "float32" })',
    );
  }
  return reduceOver(MEAN, x, dim, options, (axes) => [reducedCount(x.shape, axes)], options.dtype);
}

/** The product over the axes `dim`, over all if none are given. bool and integers give int64. */
export function prod(x: Tensor, dim?: DimOr<Dims, SumOptions>, options?: boolean | SumOptions): Tensor {
  checkCall("prod", arguments, "x..");
  [dim, options = {}] = dimThen("prod()", SUM_OPTIONS, dim, options);
  return reduceOver(PROD, x, dim, options, undefined, options.dtype);
}

/** The largest element over the axes `dim`, over all if none are given; NaN wins; the slope is shared evenly over ties. */
export function amax(x: Tensor, dim?: DimOr<Dims, ReduceOptions>, options?: boolean | ReduceOptions): Tensor {
  checkCall("amax", arguments, "x..");
  [dim, options = {}] = dimThen("amax()", REDUCE_OPTIONS, dim, options);
  checkNotEmpty("amax", x, dim);
  return reduceOver(AMAX, x, dim, options);
}

/** The smallest element over the axes `dim`, over all if none are given; NaN wins; the slope is shared evenly over ties. */
export function amin(x: Tensor, dim?: DimOr<Dims, ReduceOptions>, options?: boolean | ReduceOptions): Tensor {
  checkCall("amin", arguments, "x..");
  [dim, options = {}] = dimThen("amin()", REDUCE_OPTIONS, dim, options);
  checkNotEmpty("amin", x, dim);
  return reduceOver(AMIN, x, dim, options);
}

/** {@linkcode amax} with the slope shared evenly over the elements that are NaN, where some are. */
export function largest(x: Tensor, dim?: Dims, options: ReduceOptions = {}): Tensor {
  checkNotEmpty("max", x, dim);
  return reduceOver(MAX, x, dim, options);
}

/** {@linkcode amin} with the slope shared evenly over the elements that are NaN, where some are. */
export function smallest(x: Tensor, dim?: Dims, options: ReduceOptions = {}): Tensor {
  checkNotEmpty("min", x, dim);
  return reduceOver(MIN, x, dim, options);
}

const logic = (
  op: KernelOp<ReduceParams>,
  x: Tensor,
  dim: Dims | undefined,
  { keepdim = false }: ReduceOptions,
) => x.apply(op, { axes: normalizeAxes(op.name, dim, x.ndim), keepdim, scalars: [] });

/**
 * Returns a bool tensor, true where all elements over the axes `dim` are nonzero (all axes if omitted,
 * elementwise for `[]`).
 */
export function all(x: Tensor, dim?: DimOr<Dims, ReduceOptions>, options?: boolean | ReduceOptions): Tensor {
  checkCall("all", arguments, "x..");
  [dim, options = {}] = dimThen("all()", REDUCE_OPTIONS, dim, options);
  return logic(ALL, x, dim, options);
}

/**
 * Returns a bool tensor, true where any element over the axes `dim` is nonzero (all axes if omitted,
 * elementwise for `[]`).
 */
export function any(x: Tensor, dim?: DimOr<Dims, ReduceOptions>, options?: boolean | ReduceOptions): Tensor {
  checkCall("any", arguments, "x..");
  [dim, options = {}] = dimThen("any()", REDUCE_OPTIONS, dim, options);
  return logic(ANY, x, dim, options);
}

/** How many elements over the axes `dim` (over all if none are given) are not 0, as int64. */
export function countNonzero(
  x: Tensor,
  dim?: DimOr<Dims, ReduceOptions>,
  options?: boolean | ReduceOptions,
): Tensor {
  checkCall("countNonzero", arguments, "x..");
  [dim, options = {}] = dimThen("countNonzero()", REDUCE_OPTIONS, dim, options);
  const axes = dim, { keepdim = false } = options;
  return called("countNonzero", [x], () => {
    const marked = x.ne(0);
    return sum(marked, axes, { keepdim });
  });
}

/** Extents of nothing have no extremes. */
export function checkNotEmpty(op: string, x: Tensor, dim: Dims | undefined): void {
  const axes = normalizeAxes(op, allIfEmpty(dim), x.ndim);
  if (axes.some((a) => x.shape[a] === 0)) {
    throw new RangeError(
      `Cannot apply ${op}() as there must be an element to take: current shape is ${showShape(x.shape)}`,
    );
  }
}
