/** Sums of products over any axes. */
import { showArgument } from "../../call_forms.ts";
import { broadcastShapes, normalizeAxis, showShape, sizeOf } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { accumulated } from "../base/accumulated.ts";
import { checkTypes } from "../base/check_types.ts";
import { called } from "../base/called.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** Axes of two tensors that are summed over: how many, the last of one and the first of the other, or which of either. */
export type TensordotDims = number | readonly [a: readonly number[], b: readonly number[]];

const isPairOfLists = (dims: TensordotDims): dims is Exclude<TensordotDims, number> =>
  Array.isArray(dims) && dims.length === 2 && dims.every((axes) => Array.isArray(axes));

function axesOf(a: Tensor, b: Tensor, dims: TensordotDims): readonly [readonly number[], readonly number[]] {
  if (isPairOfLists(dims)) {
    return [
      dims[0].map((d) => normalizeAxis("tensordot", d, a.ndim)),
      dims[1].map((d) => normalizeAxis("tensordot", d, b.ndim)),
    ];
  }
  if (typeof dims !== "number" || !Number.isInteger(dims) || dims < 0 || dims > Math.min(a.ndim, b.ndim)) {
    throw new RangeError(
      `Cannot apply tensordot() as dims must be a number of axes that both tensors have: current dims are ${
        showArgument(dims)
      }, ` +
        `shapes are ${showShape(a.shape)} and ${showShape(b.shape)}`,
    );
  }
  const all = Array.from({ length: dims }, (_, i) => i);
  return [all.map((i) => a.ndim - dims + i), all];
}

/**
 * Sums products of `a` and `b` over axes of both: the result has the remaining axes of `a`, followed by those
 * of `b`. Axes of extent 1 broadcast.
 *
 * @param dims How many axes, the last of `a` and the first of `b`; or which axes of either. 2 by default.
 * @throws {RangeError} If the axes do not fit.
 *
 * @example Over the first axis of one and the last of the other
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor, tensordot } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const a = tensor([[1, 2], [3, 4]], { device }), b = tensor([[1, 10]], { device });
 * assertEquals(tensordot(a, b, [[0], [1]]).tolist(), [[31], [42]]);
 * ```
 */
export function tensordot(a: Tensor, b: Tensor, dims: TensordotDims = 2): Tensor {
  checkCall("tensordot", arguments, "xx.");
  checkTypes("tensordot", a.dtype, b.dtype);
  const [left, right] = axesOf(a, b, dims);
  const fits = left.length === right.length && new Set(left).size === left.length &&
    new Set(right).size === right.length && left.every((axis, i) => {
      const extents = [a.shape[axis]!, b.shape[right[i]!]!];
      return extents[0] === extents[1] || extents.includes(1);
    });
  if (!fits) {
    throw new RangeError(
      `Cannot apply tensordot() as dims must be different axes that pair up by extent, or have one of 1: current dims are ` +
        `${showShape(left)} and ${showShape(right)}, shapes are ${showShape(a.shape)} and ${
          showShape(b.shape)
        }`,
    );
  }
  // An axis of extent 1 broadcasts to the extent of the other operand, which is summed over it first.
  const alone = (x: Tensor, own: readonly number[], other: Tensor, others: readonly number[]) =>
    own.filter((axis, i) => x.shape[axis] !== 1 && other.shape[others[i]!] === 1);
  const longA = alone(a, left, b, right), longB = alone(b, right, a, left);
  if (longA.length + longB.length > 0) {
    const summed = (x: Tensor, axes: readonly number[]) =>
      axes.length === 0 ? x : x.sum(axes, { keepdim: true, dtype: x.dtype });
    return accumulated(
      [a, b],
      (a, b) => tensordot(summed(a, longA), summed(b, longB), [left, right]),
      "tensordot",
    );
  }
  const kept = (x: Tensor, gone: readonly number[]) => x.shape.flatMap((_, i) => gone.includes(i) ? [] : [i]);
  const rows = kept(a, left), columns = kept(b, right);
  const shape = [...rows.map((i) => a.shape[i]!), ...columns.map((i) => b.shape[i]!)];
  const inner = sizeOf(left.map((i) => a.shape[i]!));
  return called("tensordot", [a, b], () => {
    const first = a.permute([...rows, ...left]).reshape([sizeOf(rows.map((i) => a.shape[i]!)), inner]);
    const second = b.permute([...right, ...columns]).reshape([
      inner,
      sizeOf(columns.map((i) => b.shape[i]!)),
    ]);
    return first.mm(second).reshape(shape);
  });
}

/** The sums of products along the last axis of both, for all pairs of vectors: `[..., k]` by `[***, k]` gives `[..., ***]`; a scalar multiplies. */
export function inner(a: Tensor, b: Tensor): Tensor {
  checkCall("inner", arguments, "xx");
  checkTypes("inner", a.dtype, b.dtype);
  if (a.ndim === 0 || b.ndim === 0) return a.mul(b);
  if (a.shape.at(-1) !== b.shape.at(-1)) {
    throw new RangeError(
      `Cannot apply inner() as the last axes must have one extent: current shapes are ` +
        `${showShape(a.shape)} and ${showShape(b.shape)}`,
    );
  }
  return tensordot(a, b, [[-1], [-1]]);
}

/** Options of {@linkcode vecdot}. */
export interface VecdotOptions {
  /** The axis of the vectors; -1, the last, by default. */
  readonly dim?: number;
}
const VECDOT_OPTIONS: OptionKeys<VecdotOptions> = { dim: true };

/** The sums of products along one axis, vector by vector: other axes broadcast. */
export function vecdot(a: Tensor, b: Tensor, options?: VecdotOptions): Tensor {
  checkCall("vecdot", arguments, "xx.");
  const { dim = -1 } = readOptions("vecdot()", options, VECDOT_OPTIONS);
  const axis = normalizeAxis("vecdot", dim, Math.max(a.ndim, b.ndim));
  broadcastShapes("vecdot", a.shape, b.shape);
  return accumulated([a, b], (a, b) => a.mul(b).sum(axis), "vecdot");
}
