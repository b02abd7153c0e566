/** Which elements of a buffer a view looks at. */
import type { Layout } from "../layout.ts";
import { type Shape, sizeOf } from "../shape.ts";

/** Numbers of elements in a buffer. */
export type Indices = ArrayLike<number>;

// Typed arrays take longer to make than to fill below about this length.
const FEW = 1024;

/** Indices into the buffer of all elements of a layout, in row-major order. */
export function indicesOf({ shape, strides, offset }: Layout): Indices {
  const size = sizeOf(shape), indices = size < FEW ? new Array<number>(size) : new Int32Array(size);
  if (indices.length === 0) return indices;
  indices[0] = offset;
  let known = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const total = known * shape[axis]!;
    for (let i = known; i < total; i++) indices[i] = indices[i - known]! + strides[axis]!;
    known = total;
  }
  return indices;
}

/** The elements of a layout as lines along `axis`: where each begins, how far the next element is, how many there are. */
export interface Lines {
  readonly starts: Indices;
  readonly stride: number;
  readonly extent: number;
}

/** Lines along `axis`, in row-major order; a scalar is one line of one element. */
export function linesOf({ shape, strides, offset }: Layout, axis: number): Lines {
  if (shape.length === 0) return { starts: [offset], stride: 1, extent: 1 };
  return {
    starts: indicesOf({ shape: shape.with(axis, 1), strides, offset }),
    stride: strides[axis]!,
    extent: shape[axis]!,
  };
}

/** Moves `position` to the next one of `shape` in row-major order. */
export function advance(position: number[], shape: Shape): void {
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    position[axis]!++;
    if (position[axis]! < shape[axis]!) return;
    position[axis] = 0;
  }
}
