/** Any look at the memory of a tensor, by strides of its own. */
import { bytesOf } from "../../dtype.ts";
import { isContiguous, type Layout } from "../../layout.ts";
import type { ViewOp } from "../../op.ts";
import { overlapsItself, placesOf, rangeOf } from "../../overlap.ts";
import { checkShape, sameShape, type Shape, showShape, sizeOf } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { embed } from "./embed.ts";
import { upload } from "../base/upload.ts";
import { called } from "../base/called.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** Two layouts of one memory: that of a tensor, and that of a view of it. */
export interface LookParams {
  /** The layout of the tensor. */
  readonly from: Layout;
  /** The layout of the view. */
  readonly to: Layout;
}

const layoutOf = ({ shape, strides, offset }: Layout): Layout => ({ shape, strides, offset });

/** The parameters of a look at a tensor of layout `from` by layout `to`. */
export function looking(from: Layout, to: Layout): LookParams {
  return { from: layoutOf(from), to: layoutOf(to) };
}

/** A view by a layout of its own. */
export const AS_STRIDED: ViewOp<LookParams> = {
  kind: "view",
  name: "asStrided",
  infer: ([x], { to }) => [{ shape: to.shape, dtype: x!.dtype }],
  view: (_, { to }) => to,
  vjp: ([g], { params }) => [() => gradientOfLook(g!, params)],
};

/** The memory that the layouts of a look lie in, and the layouts as they lie in that. */
interface Memory extends LookParams {
  readonly size: number;
}

function memoryOf({ from, to }: LookParams): Memory {
  const [first, last] = rangeOf(from),
    [firstSeen, lastSeen] = sizeOf(to.shape) === 0 ? [first, last] : rangeOf(to);
  const start = Math.min(first, firstSeen);
  const shifted = (layout: Layout) => ({ ...layout, offset: layout.offset - start });
  return { size: Math.max(last, lastSeen) - start + 1, from: shifted(from), to: shifted(to) };
}

/** The view of the elements of `flat`, in row-major order, that a layout shows. */
function lookAt(flat: Tensor, to: Layout): Tensor {
  const packed = flat.contiguous();
  return packed.apply(AS_STRIDED, looking(packed, { ...to, offset: to.offset + packed.offset }));
}

/** Memory of `size` elements with those of `x` where a layout says, and 0 elsewhere; what meets in a place is added up. */
function laidOut(x: Tensor, layout: Layout, size: number): Tensor {
  if (!overlapsItself(layout)) return embed(x, [size], (into) => lookAt(into, layout));
  const places = placesOf(layout), index = upload(x, Float64Array.from(places), [places.length], "int32");
  return x.newZeros([size]).scatterAdd(0, index, x.reshape([-1]));
}

/** The elements that `layout` addresses in flat `memory` of `size` elements, in the shape of the layout. */
function read(memory: Tensor, layout: Layout, size: number): Tensor {
  const all = isContiguous(layout) && sizeOf(layout.shape) === size;
  return all ? memory.reshape(layout.shape) : lookAt(memory, layout);
}

function gradientOfLook(g: Tensor, params: LookParams): Tensor {
  if (g.numel() === 0 || sizeOf(params.from.shape) === 0) return g.newZeros(params.from.shape);
  const { from, to, size } = memoryOf(params), memory = laidOut(g, to, size);
  if (!overlapsItself(from)) return read(memory, from, size);
  // Elements of the tensor that share a place have equal parts of its gradient.
  const counts = new Float64Array(size);
  for (const place of placesOf(from)) counts[place]!++;
  return read(memory.div(upload(g, counts.map((n) => n || 1), [size], g.dtype)), from, size);
}

/** The elements of `x`, which has the layout `from` or is laid out anew, that a layout shows: a view, perhaps of a copy. */
export function sliceOf(x: Tensor, { from, to }: LookParams): Tensor {
  if (isContiguous(from)) return lookAt(x, { ...to, offset: to.offset - from.offset });
  const memory = memoryOf({ from, to });
  return lookAt(laidOut(x, memory.from, memory.size), memory.to);
}

/** A copy of `x`, taken to have the layout `from`, in which `change` was given the view by the layout `to`. */
export function withSlice(x: Tensor, { from, to }: LookParams, change: (slice: Tensor) => void): Tensor {
  if (isContiguous(from)) {
    const copy = x.clone();
    change(lookAt(copy, { ...to, offset: to.offset - from.offset }));
    return copy;
  }
  const memory = memoryOf({ from, to }), flat = laidOut(x, memory.from, memory.size);
  change(lookAt(flat, memory.to));
  return read(flat, memory.from, memory.size);
}

/** The layout of a look at `x`, whose `offset` is given as users count: from the beginning of the memory of `x`. */
function layoutOfLook(
  op: string,
  x: Tensor,
  shape: Shape,
  strides: readonly number[],
  offset: number,
): Layout {
  checkShape(op, shape);
  if (strides.length !== shape.length || ![...strides, offset].every(Number.isInteger)) {
    throw new RangeError(
      `Cannot apply ${op}() as there must be a whole stride for each extent, and a whole offset: ` +
        `current shape is ${showShape(shape)}, strides ${showShape(strides)}, offset ${offset}`,
    );
  }
  const { start, bytes } = x.storage, size = bytesOf(x.dtype), end = bytes / size;
  const [first, last] = sizeOf(shape) === 0 ? [0, -1] : rangeOf({ shape, strides, offset });
  if (first < 0 || last >= end) {
    throw new RangeError(
      `Cannot apply ${op}() as places must be from 0 to ${end - 1}: those of shape ${showShape(shape)}, ` +
        `strides ${showShape(strides)} and offset ${offset} are from ${first} to ${last}`,
    );
  }
  return { shape: [...shape], strides: [...strides], offset: start / size + offset };
}

/**
 * A view of the memory that `x` lies in: element `[i, j]` is at place `offset + i * strides[0] + j * strides[1]`,
 * counted in elements. Several elements may be at one place; gradients add up there.
 *
 * @param offset Place of the first element, from the beginning of the memory; that of the first element of `x` by
 * default, `x.storageOffset()`.
 *
 * @example Windows of two elements
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { asStrided, Device, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([1, 2, 3, 4], { device });
 * assertEquals(asStrided(x, [3, 2], [1, 1]).tolist(), [[1, 2], [2, 3], [3, 4]]);
 * ```
 */
export function asStrided(
  x: Tensor,
  shape: Shape,
  strides: readonly number[],
  offset: number = x.storageOffset(),
): Tensor {
  checkCall("asStrided", arguments, "xssD");
  return x.apply(AS_STRIDED, looking(x, layoutOfLook("asStrided", x, shape, strides, offset)));
}

/**
 * A copy of `x` with `source` in place of what {@linkcode asStrided} would show.
 *
 * @param source Of the shape `shape`.
 * @param offset Place of the first element, as for {@linkcode asStrided}.
 */
export function asStridedScatter(
  x: Tensor,
  source: Tensor,
  shape: Shape,
  strides: readonly number[],
  offset: number = x.storageOffset(),
): Tensor {
  checkCall("asStridedScatter", arguments, "xxssD");
  const to = layoutOfLook("asStridedScatter", x, shape, strides, offset);
  if (!sameShape(source.shape, shape)) {
    throw new RangeError(
      `Cannot apply asStridedScatter() as the source must have the shape of the view: ` +
        `current shapes are ${showShape(source.shape)} and ${showShape(shape)}`,
    );
  }
  if (overlapsItself(x)) {
    throw new RangeError("Cannot apply asStridedScatter() as several elements share one place: use clone()");
  }
  return called(
    "asStridedScatter",
    [x, source],
    () => withSlice(x, looking(x, to), (slice) => void slice.copy_(source)),
  );
}
