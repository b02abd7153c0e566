/** The same elements in row-major order under another shape. */
import { type Sizes, sizesOf } from "../../call_forms.ts";
import type { DimOr } from "../../dim_then.ts";
import type { Layout } from "../../layout.ts";
import type { ViewOp } from "../../op.ts";
import { normalizeAxes, normalizeAxis, sameShape, type Shape, showShape, sizeOf } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { clone } from "../base/cast.ts";
import { called } from "../base/called.ts";
import { checkCall } from "../../tensor/check_call.ts";

const RESHAPE: ViewOp<{ readonly shape: Shape }> = {
  kind: "view",
  name: "reshape",
  gradName: "view",
  infer: ([x], { shape }) => [{ shape, dtype: x!.dtype }],
  view: (x, { shape }) => ({ shape, strides: viewStrides(x, shape)!, offset: x.offset }),
  vjp: ([g], saved) => [() => g!.reshape(saved.spec(0).shape)],
};

/**
 * Strides with which `shape` reads the elements of a layout in the same order, or
 * null if there are none: axes that lie evenly behind one another can be split
 * and joined at will, others cannot be joined.
 */
export function viewStrides(layout: Pick<Layout, "shape" | "strides">, shape: Shape): number[] | null {
  const own = layout.shape, steps = layout.strides, strides = new Array<number>(shape.length);
  // A scalar has no axes to go through.
  if (own.length === 0) return strides.fill(1);
  if (sizeOf(own) === 0) {
    for (let i = shape.length - 1, s = 1; i >= 0; i--) {
      strides[i] = s;
      s *= Math.max(shape[i]!, 1);
    }
    return strides;
  }
  let axis = shape.length - 1;
  // How many elements of a run of joined axes there are, and how many of the new axes' they fill.
  let run = 1, filled = 1;
  let base = steps[steps.length - 1]!;
  for (let i = own.length - 1; i >= 0; i--) {
    run *= own[i]!;
    const joined = i > 0 && (own[i - 1] === 1 || steps[i - 1] === run * base);
    if (i > 0 && joined) continue;
    while (axis >= 0 && (filled < run || shape[axis] === 1)) {
      strides[axis] = filled * base;
      filled *= shape[axis]!;
      axis--;
    }
    if (filled !== run) return null;
    if (i > 0) base = steps[i - 1]!;
    run = filled = 1;
  }
  for (; axis >= 0; axis--) strides[axis] = base;
  return strides;
}

/** `shape` with its -1, if it has one, replaced by what the size demands. */
function completeShape(op: string, x: Tensor, shape: Shape): Shape {
  const open = shape.indexOf(-1);
  const known = open < 0 ? shape : shape.with(open, 1);
  const size = sizeOf(x.shape), rest = sizeOf(known);
  const valid = known.every((n) => Number.isInteger(n) && n >= 0) &&
    (open < 0 ? rest === size : rest > 0 && size % rest === 0);
  if (!valid) {
    throw new RangeError(
      `Cannot apply ${op}() as the new shape must have ${size} elements and at most one -1: ` +
        `current shapes are ${showShape(x.shape)} and ${showShape(shape)}`,
    );
  }
  return open < 0 ? [...shape] : shape.with(open, size / rest);
}

/**
 * `x` under another shape of as many elements, in row-major order. A view of `x`
 * where its strides allow one, else of a contiguous copy.
 *
 * @param sizes The new shape, as a list or size by size; one extent may be -1, and is then calculated.
 *
 * @example One extent left open
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, reshape, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([1, 2, 3, 4, 5, 6], { device });
 * assertEquals(reshape(x, [2, -1]).tolist(), [[1, 2, 3], [4, 5, 6]]);
 * ```
 */
export function reshape(x: Tensor, ...sizes: Sizes): Tensor {
  checkCall("reshape", arguments, "x*");
  const full = completeShape("reshape", x, sizesOf("reshape", sizes));
  if (viewStrides(x, full) !== null) return x.apply(RESHAPE, { shape: full });
  return called("reshape", [x], () => clone(x).apply(RESHAPE, { shape: full }));
}

/** {@linkcode reshape} that never copies: a RangeError where the strides of `x` allow no view. */
export function view(x: Tensor, ...sizes: Sizes): Tensor {
  checkCall("view", arguments, "x*");
  const full = completeShape("view", x, sizesOf("view", sizes));
  if (viewStrides(x, full) === null) {
    throw new RangeError(
      `Cannot apply view() as axes that are joined must lie behind one another: current shape is ` +
        `${showShape(x.shape)}, strides ${showShape(x.strides)}, new shape ${showShape(full)}; use reshape()`,
    );
  }
  return x.apply(RESHAPE, { shape: full });
}

/** Axes `startDim` to `endDim`, both included, joined to one; a scalar becomes [1]. */
export function flatten(x: Tensor, startDim = 0, endDim = -1): Tensor {
  checkCall("flatten", arguments, "x..");
  const { shape } = x;
  const start = normalizeAxis("flatten", startDim, shape.length);
  const end = normalizeAxis("flatten", endDim, shape.length);
  if (start > end) {
    throw new RangeError(
      `Cannot apply flatten() as startDim must not come after endDim: current dims are ${startDim} and ${endDim}`,
    );
  }
  if (shape.length === 0) return reshape(x, [1]);
  return start === end
    ? x.alias()
    : reshape(x, [...shape.slice(0, start), sizeOf(shape.slice(start, end + 1)), ...shape.slice(end + 1)]);
}

/** Axis `dim` split into axes of the extents `sizes`, one of which may be -1. */
export function unflatten(x: Tensor, dim: number, sizes: Shape): Tensor {
  checkCall("unflatten", arguments, "xds");
  if (x.ndim === 0) {
    throw new RangeError("Cannot apply unflatten() as there must be an axis: current shape is []");
  }
  const axis = normalizeAxis("unflatten", dim, x.ndim);
  const extent = x.shape[axis]!;
  const open = sizes.indexOf(-1);
  const rest = sizeOf(open < 0 ? sizes : sizes.with(open, 1));
  if (open < 0 ? rest !== extent : extent % rest !== 0) {
    throw new RangeError(
      `Cannot apply unflatten() as sizes must multiply to ${extent}, at most one being -1: ` +
        `current sizes are ${showShape(sizes)}`,
    );
  }
  const full = open < 0 ? sizes : sizes.with(open, extent / rest);
  return reshape(x, [...x.shape.slice(0, axis), ...full, ...x.shape.slice(axis + 1)]);
}

/** `x` without its axes of extent 1, or without those of them that `dim` names; other axes stay. */
export function squeeze(x: Tensor, dim?: DimOr<number | readonly number[]>): Tensor {
  checkCall("squeeze", arguments, "x.");
  const axes = normalizeAxes("squeeze", dim, x.ndim);
  const shape = x.shape.filter((n, i) => n !== 1 || !axes.includes(i));
  return sameShape(shape, x.shape) ? x.alias() : reshape(x, shape);
}

/** `x` with a new axis of extent 1 at `dim`. */
export function unsqueeze(x: Tensor, dim: DimOr<number>): Tensor {
  checkCall("unsqueeze", arguments, "x.");
  const axis = normalizeAxis("unsqueeze", dim, x.ndim + 1);
  return reshape(x, x.shape.toSpliced(axis, 0, 1));
}

/** All elements of `x` in one axis: a view where its strides allow one. */
export function ravel(x: Tensor): Tensor {
  checkCall("ravel", arguments, "x");
  return reshape(x, [-1]);
}

/** {@linkcode view} with the shape of `other`. */
export function viewAs(x: Tensor, other: Tensor): Tensor {
  checkCall("viewAs", arguments, "xx");
  return view(x, other.shape);
}

/** {@linkcode reshape} to the shape of `other`. */
export function reshapeAs(x: Tensor, other: Tensor): Tensor {
  checkCall("reshapeAs", arguments, "xx");
  return reshape(x, other.shape);
}
