/** Parts of a tensor by position. All are views; the gradient is put back among zeros. */
import type { DimOr } from "../../dim_then.ts";
import { showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { asParts } from "./parts.ts";
import { piecesOf, slicesOf } from "./pieces.ts";
import { checkedAxis, partAlong, partOf, positionOf, SELECT, SLICE } from "./axis_part.ts";
import { called } from "../base/called.ts";
import { checkCall } from "../../tensor/check_call.ts";

export type { Slice } from "./axis_part.ts";

/** The part of `x` at position `index` of axis `dim`, without that axis. Negative indices count from the end. */
export function select(x: Tensor, dim: number, index: number): Tensor {
  checkCall("select", arguments, "xdd");
  const axis = checkedAxis("select", x, dim), start = positionOf("select", index, x.shape[axis]!);
  return x.apply(SELECT, partAlong(x, axis, { start, step: 1, count: null }));
}

/** `length` positions of axis `dim` from `start` on, which counts from the end if negative. */
export function narrow(x: Tensor, dim: number, start: number, length: number): Tensor {
  checkCall("narrow", arguments, "xddd");
  const axis = checkedAxis("narrow", x, dim), extent = x.shape[axis]!;
  const first = start < 0 ? start + extent : start;
  const fits = Number.isInteger(start) && Number.isInteger(length) && first >= 0 && length >= 0 &&
    first + length <= extent;
  if (!fits) {
    throw new RangeError(
      `Cannot apply narrow() as start and length must stay within the extent ${extent}: ` +
        `current start is ${start}, length is ${length}`,
    );
  }
  return x.apply(SLICE, partAlong(x, axis, { start: first, step: 1, count: length }));
}

/** {@linkcode narrow} as a copy. */
export function narrowCopy(x: Tensor, dim: number, start: number, length: number): Tensor {
  checkCall("narrowCopy", arguments, "xddd");
  return called("narrowCopy", [x], () => narrow(x, dim, start, length).clone());
}

/** Positions `start` to `end` (not included) of axis `dim`, in steps of `step`, as Python's `x[start:end:step]`. */
export function slice(x: Tensor, dim: number, start?: number, end?: number, step?: number): Tensor {
  checkCall("slice", arguments, "xdDDD");
  const axis = checkedAxis("slice", x, dim);
  return x.apply(SLICE, partAlong(x, axis, partOf("slice", { start, end, step }, x.shape[axis]!)));
}

/** `x` in pieces of `size` positions of axis `dim`, the last one smaller if need be; or of the extents in a list. */
export function split(x: Tensor, size: number | readonly number[], dim: DimOr<number> = 0): Tensor[] {
  checkCall("split", arguments, "xp.");
  const axis = checkedAxis("split", x, dim), extent = x.shape[axis]!;
  const sizes = typeof size === "number" ? evenly(size, extent) : size;
  if (
    sizes === null || sizes.some((n) => !Number.isInteger(n) || n < 0) ||
    sizes.reduce((a, n) => a + n, 0) !== extent
  ) {
    throw new RangeError(
      `Cannot apply split() as the size must be an integer from 1, or sizes that add up to ${extent}: ` +
        `current sizes are ${typeof size === "number" ? size : showShape(size)}`,
    );
  }
  return asParts([...piecesOf(x, sizes, axis)]);
}

/** The parts of `x` at each position of axis `dim`, without that axis. */
export function unbind(x: Tensor, dim: DimOr<number> = 0): Tensor[] {
  checkCall("unbind", arguments, "x.");
  const axis = checkedAxis("unbind", x, dim);
  return x.shape[axis] === 0 ? [] : asParts([...slicesOf(x, axis)]);
}

function evenly(size: number, extent: number): number[] | null {
  if (!Number.isInteger(size) || size < 1) return null;
  const count = Math.max(1, Math.ceil(extent / size));
  return Array.from({ length: count }, (_, i) => Math.min(size, extent - i * size));
}

/** `x` in at most `chunks` pieces along `dim`, all of one size but for the last. */
export function chunk(x: Tensor, chunks: number, dim: DimOr<number> = 0): Tensor[] {
  checkCall("chunk", arguments, "xd.");
  if (!Number.isInteger(chunks) || chunks < 1) {
    throw new RangeError(
      `Cannot apply chunk() as chunks must be an integer from 1: current number is ${chunks}`,
    );
  }
  const axis = checkedAxis("chunk", x, dim);
  if (x.shape[axis] === 0) return split(x, new Array<number>(chunks).fill(0), axis);
  return split(x, Math.max(1, Math.ceil(x.shape[axis]! / chunks)), axis);
}
