/** Shapes: how they meet, are counted and are written. */

import { isOptions, showArgument } from "./call_forms.ts";
import type { DimOr } from "./dim_then.ts";

/** Extents, outermost axis first; `[]` is a scalar. */
export type Shape = readonly number[];

/** Number of elements of a shape. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (let i = 0; i < shape.length; i++) size *= shape[i]!;
  return size;
}

/** Strides, in elements, of a contiguous tensor in row-major order. */
export function rowMajor(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = stride;
    stride *= shape[i]!;
  }
  return strides;
}

/** Whether two shapes are equal. */
export function sameShape(a: Shape, b: Shape): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** `[2, 3]`, as errors write it. */
export function showShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/** The indices of the element with this number, counted in row-major order. */
export function positionAt(element: number, shape: Shape): number[] {
  const position = shape.map(() => 0);
  for (let axis = shape.length - 1, rest = element; axis >= 0; axis--) {
    position[axis] = rest % shape[axis]!;
    rest = Math.floor(rest / shape[axis]!);
  }
  return position;
}

/** The shape that two operands of `op` broadcast to; a RangeError if they do not. */
export function broadcastShapes(op: string, a: Shape, b: Shape): Shape {
  if (!Array.isArray(a) || !Array.isArray(b)) {
    throw new TypeError(
      `Cannot apply broadcastShapes() as shapes must be lists of sizes: current ones are ${
        showArgument(a)
      } and ${showArgument(b)}`,
    );
  }
  if (sameShape(a, b)) return a;
  const rank = Math.max(a.length, b.length);
  const shape = new Array<number>(rank);
  for (let i = 0; i < rank; i++) {
    const x = a[a.length - rank + i] ?? 1, y = b[b.length - rank + i] ?? 1;
    if (x !== y && x !== 1 && y !== 1) {
      throw new RangeError(
        `Cannot apply ${op}() as shapes must be equal or 1 along each axis, counted from the last: ` +
          `current shapes are ${showShape(a)} and ${showShape(b)}`,
      );
    }
    shape[i] = x === 1 ? y : x;
  }
  return shape;
}

/** Throws if `shape` does not broadcast to the shape `target` of the tensor to overwrite. */
export function checkBroadcastsTo(op: string, shape: Shape, target: Shape): void {
  if (sameShape(broadcastShapes(op, target, shape), target)) return;
  throw new RangeError(
    `Cannot apply ${op}() as the source must broadcast to the shape of the tensor: ` +
      `current shapes are ${showShape(shape)} and ${showShape(target)}`,
  );
}

/** The axis of `{ dim }`, and anything else as it is. */
function namedAxis(axis: unknown): unknown {
  return isOptions(axis) && "dim" in axis && Object.keys(axis).length === 1 ? axis.dim : axis;
}

/** `axis`, a number or by name in `{ dim }`, counted from 0; negative ones count from the end. */
export function normalizeAxis(op: string, axis: DimOr<number> | undefined, rank: number): number {
  if (typeof axis !== "number") axis = namedAxis(axis) as number;
  const bound = Math.max(rank, 1);
  if (!Number.isInteger(axis) || axis < -bound || axis >= bound) {
    throw new RangeError(
      `Cannot apply ${op}() as dim must be an integer from ${-bound} to ${bound - 1}: current dim is ${
        showArgument(axis)
      }`,
    );
  }
  return axis < 0 ? axis + bound : axis;
}

/** Axes counted from 0, in ascending order; all of them if none are given. */
export function normalizeAxes(
  op: string,
  axes: DimOr<number | readonly number[]> | undefined,
  rank: number,
): number[] {
  if (typeof axes === "object" && !Array.isArray(axes)) axes = namedAxis(axes) as number | readonly number[];
  if (axes === undefined) {
    const all: number[] = [];
    for (let axis = 0; axis < rank; axis++) all.push(axis);
    return all;
  }
  if (!Array.isArray(axes)) {
    const axis = normalizeAxis(op, axes as number, rank);
    return rank === 0 ? [] : [axis];
  }
  const list: readonly number[] = axes;
  const found = list.map((a) => normalizeAxis(op, a, rank)).sort((a, b) => a - b);
  if (new Set(found).size !== found.length) {
    throw new RangeError(
      `Cannot apply ${op}() as each dim may appear once: current dims are ${showShape(list)}`,
    );
  }
  return rank === 0 ? [] : found;
}

/** Refuses what is not a list of whole numbers from 0. */
export function checkShape(op: string, shape: Shape): void {
  if (!Array.isArray(shape)) {
    throw new TypeError(
      `Cannot apply ${op}() as the shape must be an array of sizes, as in [2, 3]: current shape is ${
        String(shape)
      }`,
    );
  }
  for (const n of shape) {
    if (!Number.isInteger(n) || n < 0) {
      throw new RangeError(
        `Cannot apply ${op}() as extents must be whole numbers from 0: current shape is ${showShape(shape)}`,
      );
    }
  }
}
