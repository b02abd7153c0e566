/** Elements repeated. */
import { type Sizes, sizesOf } from "../../call_forms.ts";
import { expandStrides } from "../../layout.ts";
import type { ViewOp } from "../../op.ts";
import { tidySync } from "../../scope.ts";
import { broadcastShapes, type Shape, showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { apart } from "../base/apart.ts";
import { called } from "../base/called.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

const EXPAND: ViewOp<{ readonly shape: Shape }> = {
  kind: "view",
  name: "expand",
  infer: ([x], { shape }) => [{ shape, dtype: x!.dtype }],
  view: (x, { shape }) => ({ shape, strides: expandStrides(x, shape), offset: x.offset }),
  // The tape adds up what was repeated.
  vjp: ([g]) => [() => g!],
};

/**
 * A view of `x` repeated over `shape`, without a copy: axes of extent 1 are
 * repeated, new ones added in front.
 *
 * @param sizes The new shape, as a list or size by size; -1 keeps an extent.
 */
export function expand(x: Tensor, ...sizes: Sizes): Tensor {
  checkCall("expand", arguments, "x*");
  return expanded("expand", x, sizesOf("expand", sizes));
}

function expanded(name: string, x: Tensor, shape: Shape): Tensor {
  const lead = shape.length - x.ndim;
  const full = shape.map((n, i) => n === -1 && i >= lead ? x.shape[i - lead]! : n);
  const fits = lead >= 0 && full.every((n) => Number.isInteger(n) && n >= 0) &&
    x.shape.every((n, i) => n === 1 || n === full[lead + i]);
  if (!fits) {
    throw new RangeError(
      `Cannot apply ${name}() as only axes of extent 1 can be repeated, and new ones stand in front: ` +
        `current shapes are ${showShape(x.shape)} and ${showShape(shape)}`,
    );
  }
  return x.apply(EXPAND, { shape: full });
}

/** {@linkcode expand} to the shape of `other`. */
export function expandAs(x: Tensor, other: Tensor): Tensor {
  checkCall("expandAs", arguments, "xx");
  return expand(x, other.shape);
}

/** {@linkcode expand}, as NumPy calls it. */
export function broadcastTo(x: Tensor, ...sizes: Sizes): Tensor {
  checkCall("broadcastTo", arguments, "x*");
  return expanded("broadcastTo", x, sizesOf("broadcastTo", sizes));
}

/** Views of `tensors`, all repeated over the shape that they broadcast to. */
export function broadcastTensors(tensors: readonly Tensor[]): Tensor[] {
  checkCall("broadcastTensors", arguments, "l");
  const shape = tensors.reduce<Shape>((all, x) => broadcastShapes("broadcastTensors", all, x.shape), []);
  return tensors.map((x) => expand(x, shape));
}

/**
 * The elements of `x` added up to `shape`, which broadcasts to the shape of `x`: what undoes a broadcast, as gradients need
 * it.
 */
export function sumToSize(x: Tensor, ...sizes: Sizes): Tensor {
  checkCall("sumToSize", arguments, "x*");
  const shape = sizesOf("sumToSize", sizes);
  const lead = x.ndim - shape.length;
  if (lead < 0 || shape.some((n, i) => n !== 1 && n !== x.shape[lead + i])) {
    throw new RangeError(
      `Cannot apply sumToSize() as the new shape must broadcast to that of the tensor: ` +
        `current shapes are ${showShape(shape)} and ${showShape(x.shape)}`,
    );
  }
  const axes = x.shape.flatMap((n, i) => i < lead || (n !== 1 && shape[i - lead] === 1) ? [i] : []);
  return axes.length === 0 ? x.alias() : tidySync(() => x.sum(axes).reshape(shape));
}

/** A copy of `x` laid so many times along each axis; more repeats than axes add axes in front. */
export function repeat(x: Tensor, ...times: Sizes): Tensor {
  checkCall("repeat", arguments, "x*");
  return repeated("repeat", x, sizesOf("repeat", times));
}

function repeated(name: string, x: Tensor, repeats: readonly number[]): Tensor {
  const lead = repeats.length - x.ndim;
  if (lead < 0 || !repeats.every((n) => Number.isInteger(n) && n >= 0)) {
    throw new RangeError(
      `Cannot apply ${name}() as there must be a whole number from 0 for each axis: ` +
        `current shape is ${showShape(x.shape)}, repeats are ${showShape(repeats)}`,
    );
  }
  const shape = [...new Array<number>(lead).fill(1), ...x.shape];
  return tidySync(() => {
    const pairs = x.reshape(shape.flatMap((n) => [1, n]));
    const laid = expand(pairs, shape.flatMap((n, i) => [repeats[i]!, n]));
    return apart(laid.reshape(shape.map((n, i) => n * repeats[i]!)), x);
  });
}

/** {@linkcode repeat} that may name the last axes alone. */
export function tile(x: Tensor, ...times: Sizes): Tensor {
  checkCall("tile", arguments, "x*");
  const repeats = sizesOf("tile", times);
  const missing = Math.max(0, x.ndim - repeats.length);
  return repeated("tile", x, [...new Array<number>(missing).fill(1), ...repeats]);
}

/** Options of {@linkcode meshgrid}. */
export interface MeshgridOptions {
  /** "ij": the first tensor runs along the first axis; "xy": along the second. "ij" by default. */
  readonly indexing?: "ij" | "xy";
}
const MESHGRID_OPTIONS: OptionKeys<MeshgridOptions> = { indexing: true };

/** Coordinates of a grid: each of the vectors repeated along the axes of the others. */
export function meshgrid(tensors: readonly Tensor[], options?: MeshgridOptions): Tensor[] {
  checkCall("meshgrid", arguments, "l.");
  const { indexing = "ij" } = readOptions("meshgrid()", options, MESHGRID_OPTIONS);
  for (const x of tensors) {
    if (x.ndim > 1) {
      throw new RangeError(
        `Cannot apply meshgrid() as tensors must have at most 1 axis: current shape is ${showShape(x.shape)}`,
      );
    }
  }
  const shape = tensors.map((x) => x.numel());
  const swapped = indexing === "xy" && tensors.length > 1;
  return called("meshgrid", [...tensors], () =>
    tensors.map((x, i) => {
      const grid = expand(x.reshape(shape.map((n, j) => i === j ? n : 1)), shape);
      return swapped ? grid.transpose(0, 1) : grid;
    }));
}
