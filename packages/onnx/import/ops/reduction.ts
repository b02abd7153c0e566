/** Reductions, and what goes along an axis. */
import * as core from "@troodon/core";
import { isFloating, type Tensor } from "@troodon/core";
import type { Call } from "../call.ts";
import type { Operator, Operators } from "../operator.ts";

/** Reduces axes to extents of 1. */
type Reduce = (x: Tensor, axes: readonly number[]) => Tensor;

/** Axes counted from the front. */
const normalized = (axes: readonly number[], rank: number): number[] =>
  axes.map((axis) => axis < 0 ? axis + rank : axis);

/** `x` without the axes. */
function without(x: Tensor, axes: readonly number[]): Tensor {
  return x.reshape(x.shape.filter((_, axis) => !axes.includes(axis)));
}

/**
 * A reduction over axes that are an attribute or an input.
 *
 * @param empty The result where there are no elements.
 * @param before Applied where no axis is to be reduced.
 */
function reduction(reduce: Reduce, empty: number, before: (x: Tensor) => Tensor = (x) => x): Operator {
  const run = (call: Call): Tensor => {
    const x = call.input(0), { attributes } = call, given = call.ints("axes", 1);
    const noAxes = given === undefined || given.length === 0;
    if (noAxes && attributes.flag("noop_with_empty_axes")) return before(x);
    const axes = noAxes ? x.shape.map((_, axis) => axis) : normalized(given, x.ndim);
    const kept = x.shape.map((extent, axis) => axes.includes(axis) ? 1 : extent);
    // ONNX keeps the dtype, also where sums of integers would be wider.
    const y = axes.some((axis) => x.shape[axis] === 0)
      ? core.full(kept, empty, { dtype: x.dtype, device: x.device })
      : axes.length === 0
      ? before(x)
      : reduce(x, axes).to(x.dtype);
    return attributes.flag("keepdims", true) ? y : without(y, axes);
  };
  return { run, known: [1], wraps: true };
}

const KEEP = { keepdim: true };

const sum: Reduce = (x, axes) => x.sum(axes, KEEP);
const square = (x: Tensor): Tensor => x.mul(x);

/** The mean; that of integers is cut to an integer. */
const mean: Reduce = (x, axes) =>
  isFloating(x.dtype) ? core.mean(x, axes, KEEP) : core.mean(x.to("float64"), axes, KEEP).trunc();

/** Floating elements for functions that have no others. */
const real = (x: Tensor): Tensor => isFloating(x.dtype) ? x : x.to("float64");

function prod(x: Tensor, axes: readonly number[]): Tensor {
  return axes.reduce((y, axis) => core.prod(y, axis, KEEP), x);
}

/** The largest or smallest element; of booleans any or all. */
const extreme = (f: (x: Tensor, axes: readonly number[]) => Tensor): Reduce => (x, axes) =>
  x.dtype === "bool" ? f(x.to("uint8"), axes).to("bool") : f(x, axes);

/** Bounds of the dtypes of integers, which are the results without elements. */
function limited(reduce: Reduce, sign: 1 | -1): Operator {
  const floating = reduction(reduce, -sign * Infinity);
  const run = (call: Call): ReturnType<Operator["run"]> => {
    const { dtype } = call.input(0);
    if (isFloating(dtype)) return floating.run(call);
    const [least, most] = dtype === "bool"
      ? [0, 1]
      : dtype === "uint8"
      ? [0, 255]
      : [-(2 ** 31), 2 ** 31 - 1];
    return reduction(reduce, sign > 0 ? least : most).run(call);
  };
  return { run, known: [1] };
}

const arg = (f: typeof core.argmax): (call: Call) => Tensor => (call) => {
  const { attributes } = call, x = call.input(0), axis = attributes.int("axis", 0);
  const keepdim = attributes.flag("keepdims", true);
  if (!attributes.flag("select_last_index")) return f(x, axis, { keepdim });
  const last = x.shape.at(axis)! - 1;
  return f(x.flip([axis]), axis, { keepdim }).neg().add(last);
};

/** Sums or products of all elements up to each along an axis. */
const cumulative = (f: (x: Tensor, axis: number) => Tensor, initial: number): Operator => ({
  known: [1],
  wraps: true,
  run: (call) => {
    const x = call.input(0), { attributes } = call;
    const axis = normalized([call.number(1) ?? call.refuse("it needs an axis")], x.ndim)[0]!;
    const turned = attributes.flag("reverse") ? x.flip([axis]) : x;
    let y = f(turned, axis).to(x.dtype);
    if (attributes.flag("exclusive")) {
      const shape = x.shape.map((extent, i) => i === axis ? 1 : extent);
      const start = core.full(shape, initial, { dtype: x.dtype, device: x.device });
      y = core.cat([start, y.narrow(axis, 0, x.shape[axis]! - 1)], axis);
    }
    return attributes.flag("reverse") ? y.flip([axis]) : y;
  },
});

function topK(call: Call): [Tensor, Tensor] {
  const x = call.input(0), { attributes } = call, k = attributes.int("k") ?? call.number(1);
  const largest = attributes.flag("largest", true), sorted = attributes.flag("sorted", true);
  const { values, indices } = core.topk(x, k ?? call.refuse("it needs k"), {
    dim: attributes.int("axis", -1),
    largest,
    sorted,
  });
  return [values, indices];
}

/** Reductions, and what goes along an axis. */
export const REDUCTION: Operators = {
  ArgMax: arg(core.argmax),
  ArgMin: arg(core.argmin),
  CumProd: cumulative((x, axis) => core.cumprod(x, axis), 1),
  CumSum: cumulative((x, axis) => core.cumsum(x, axis), 0),
  ReduceL1: reduction((x, axes) => sum(x.abs(), axes), 0, (x) => x.abs()),
  ReduceL2: reduction((x, axes) => sum(square(real(x)), axes).sqrt(), 0, (x) => x.abs()),
  ReduceLogSum: reduction((x, axes) => sum(real(x), axes).log(), -Infinity, (x) => real(x).log()),
  ReduceLogSumExp: reduction((x, axes) => core.logsumexp(real(x), [...axes], KEEP), -Infinity),
  ReduceMax: limited(extreme((x, axes) => core.amax(x, axes, KEEP)), 1),
  ReduceMean: reduction(mean, NaN),
  ReduceMin: limited(extreme((x, axes) => core.amin(x, axes, KEEP)), -1),
  ReduceProd: reduction(prod, 1),
  ReduceSum: reduction(sum, 0),
  ReduceSumSquare: reduction((x, axes) => sum(square(x), axes), 0, square),
  TopK: { run: topK, known: [1] },
};
