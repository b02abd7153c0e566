/** Elements repeated. */
import { expandStrides } from "../layout.ts";
import type { ViewOp } from "../op.ts";
import { tidySync } from "../scope.ts";
import { normalizeAxis, type Shape, showShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";

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
 * @param shape The new shape; -1 keeps an extent.
 */
export function expand(x: Tensor, shape: Shape): Tensor {
  const lead = shape.length - x.ndim;
  const full = shape.map((n, i) => n === -1 && i >= lead ? x.shape[i - lead]! : n);
  const fits = lead >= 0 && full.every((n) => Number.isInteger(n) && n >= 0) &&
    x.shape.every((n, i) => n === 1 || n === full[lead + i]);
  if (!fits) {
    throw new RangeError(
      `Cannot apply expand() as only axes of extent 1 can be repeated, and new ones stand in front: ` +
        `current shapes are ${showShape(x.shape)} and ${showShape(shape)}`,
    );
  }
  return x.apply(EXPAND, { shape: full });
}

/** {@linkcode expand} to the shape of `other`. */
export function expandAs(x: Tensor, other: Tensor): Tensor {
  return expand(x, other.shape);
}

/** {@linkcode expand}, as NumPy calls it. */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  return expand(x, shape);
}

/** A copy of `x` laid `repeats` times along each axis; more repeats than axes add axes in front. */
export function repeat(x: Tensor, repeats: readonly number[]): Tensor {
  const lead = repeats.length - x.ndim;
  if (lead < 0 || !repeats.every((n) => Number.isInteger(n) && n >= 0)) {
    throw new RangeError(
      `Cannot apply repeat() as there must be a whole number from 0 for each axis: ` +
        `current shape is ${showShape(x.shape)}, repeats are ${showShape(repeats)}`,
    );
  }
  const shape = [...new Array<number>(lead).fill(1), ...x.shape];
  return tidySync(() => {
    const pairs = x.reshape(shape.flatMap((n) => [1, n]));
    const laid = expand(pairs, shape.flatMap((n, i) => [repeats[i]!, n]));
    return laid.reshape(shape.map((n, i) => n * repeats[i]!));
  });
}

/** {@linkcode repeat} where `repeats` may name the last axes alone. */
export function tile(x: Tensor, repeats: readonly number[]): Tensor {
  const missing = Math.max(0, x.ndim - repeats.length);
  return repeat(x, [...new Array<number>(missing).fill(1), ...repeats]);
}

/** Each element of `x` `repeats` times in a row along `dim`; along all of `x`, flattened, if none is given. */
export function repeatInterleave(x: Tensor, repeats: number, dim?: number): Tensor {
  if (!Number.isInteger(repeats) || repeats < 0) {
    throw new RangeError(
      `Cannot apply repeatInterleave() as repeats must be a whole number from 0: current repeats is ${repeats}`,
    );
  }
  if (dim === undefined) {
    return tidySync(() => {
      const flat = x.reshape([-1]);
      return repeatInterleave(flat, repeats, 0);
    });
  }
  const axis = normalizeAxis("repeatInterleave", dim, x.ndim);
  const shape = x.ndim === 0 ? [1] : x.shape;
  return tidySync(() => {
    const split = x.reshape(shape.toSpliced(axis + 1, 0, 1));
    const laid = expand(split, shape.toSpliced(axis + 1, 0, repeats));
    return laid.reshape(shape.with(axis, shape[axis]! * repeats));
  });
}

/** Options of {@linkcode meshgrid}. */
export interface MeshgridOptions {
  /** "ij": the first tensor runs along the first axis; "xy": along the second. "ij" by default. */
  readonly indexing?: "ij" | "xy";
}

/** Coordinates of a grid: each of the vectors repeated along the axes of the others. */
export function meshgrid(tensors: readonly Tensor[], { indexing = "ij" }: MeshgridOptions = {}): Tensor[] {
  for (const x of tensors) {
    if (x.ndim > 1) {
      throw new RangeError(
        `Cannot apply meshgrid() as tensors must have at most 1 axis: current shape is ${showShape(x.shape)}`,
      );
    }
  }
  const shape = tensors.map((x) => x.numel);
  const swapped = indexing === "xy" && tensors.length > 1;
  return tidySync(() =>
    tensors.map((x, i) => {
      const grid = expand(x.reshape(shape.map((n, j) => i === j ? n : 1)), shape);
      return swapped ? grid.transpose(0, 1) : grid;
    })
  );
}
