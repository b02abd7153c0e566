/** Parts of a tensor by position. All are views; the gradient is put back among zeros. */
import type { ViewOp } from "../op.ts";
import { normalizeAxis, showShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { embed } from "./embed.ts";

/** Positions `start`, `start + step`, ... of one axis, `count` of them; `count` null: the one at `start`, and no axis. */
interface AxisPart {
  readonly start: number;
  readonly step: number;
  readonly count: number | null;
}

interface PartParams {
  /** For each axis, null where all of it is meant. */
  readonly parts: readonly (AxisPart | null)[];
}

const part = (name: string): ViewOp<PartParams> => {
  const op: ViewOp<PartParams> = {
    kind: "view",
    name,
    infer: ([x], { parts }) => [{
      shape: x!.shape.flatMap((n, i) => parts[i] ? parts[i].count ?? [] : n),
      dtype: x!.dtype,
    }],
    view({ shape, strides, offset }, { parts }) {
      const layout = { shape: [] as number[], strides: [] as number[], offset };
      for (let i = 0; i < shape.length; i++) {
        const { start, step, count } = parts[i] ?? { start: 0, step: 1, count: shape[i]! };
        layout.offset += count === 0 ? 0 : start * strides[i]!;
        if (count === null) continue;
        layout.shape.push(count);
        layout.strides.push(step * strides[i]!);
      }
      return layout;
    },
    vjp: ([g], saved) => [() => embed(g!, saved.spec(0).shape, (into) => into.apply(op, saved.params))],
  };
  return op;
};

const SELECT: ViewOp<PartParams> = part("select");
const SLICE: ViewOp<PartParams> = part("slice");

function along(x: Tensor, axis: number, which: AxisPart): PartParams {
  return { parts: x.shape.map((_, i) => i === axis ? which : null) };
}

function positionOf(op: string, index: number, extent: number): number {
  if (!Number.isInteger(index) || index < -extent || index >= extent) {
    throw new RangeError(
      `Cannot apply ${op}() as the index must be an integer from ${-extent} to ${extent - 1}: ` +
        `current index is ${index}`,
    );
  }
  return index < 0 ? index + extent : index;
}

/** The part of `x` at position `index` of axis `dim`, without that axis. Negative indices count from the end. */
export function select(x: Tensor, dim: number, index: number): Tensor {
  const axis = checkedAxis("select", x, dim);
  return x.apply(
    SELECT,
    along(x, axis, { start: positionOf("select", index, x.shape[axis]!), step: 1, count: null }),
  );
}

/** `length` positions of axis `dim` from `start` on, which counts from the end if negative. */
export function narrow(x: Tensor, dim: number, start: number, length: number): Tensor {
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
  return x.apply(SLICE, along(x, axis, { start: first, step: 1, count: length }));
}

/** Positions of one axis, as Python's `start:end:step`: bounds beyond the ends are moved to them, negative ones count from the end. */
export interface Slice {
  /** The first one; by default the end that the step leads away from. */
  readonly start?: number | undefined;
  /** The one behind the last; by default none is left out. */
  readonly end?: number | undefined;
  /** 1 by default; negative ones run backwards. */
  readonly step?: number | undefined;
}

function partOf(op: string, { start, end, step = 1 }: Slice, extent: number): AxisPart {
  if (!Number.isInteger(step) || step === 0) {
    throw new RangeError(
      `Cannot apply ${op}() as step must be an integer other than 0: current step is ${step}`,
    );
  }
  const [low, high] = step > 0 ? [0, extent] : [-1, extent - 1];
  const bound = (at: number) => Math.min(Math.max(at < 0 ? at + extent : at, low), high);
  const from = start === undefined ? (step > 0 ? low : high) : bound(start);
  const to = end === undefined ? (step > 0 ? high : low) : bound(end);
  return { start: from, step, count: Math.max(0, Math.ceil((to - from) / step)) };
}

/** Positions `start` to `end` (not included) of axis `dim`, in steps of `step`, as Python's `x[start:end:step]`. */
export function slice(x: Tensor, dim: number, start?: number, end?: number, step?: number): Tensor {
  const axis = checkedAxis("slice", x, dim);
  return x.apply(SLICE, along(x, axis, partOf("slice", { start, end, step }, x.shape[axis]!)));
}

/**
 * The part of `x` that `indices` name, one for each of the first axes: a number
 * takes one position and drops the axis, a {@linkcode Slice} keeps it.
 *
 * @example A row, an element, a column
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { at, Device, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([[1, 2, 3], [4, 5, 6]], { device });
 * assertEquals(at(x, -1).tolist(), [4, 5, 6]);
 * assertEquals(at(x, 0, 2).item(), 3);
 * assertEquals(at(x, {}, { start: 1 }).tolist(), [[2, 3], [5, 6]]);
 * ```
 */
export function at(x: Tensor, ...indices: (number | Slice)[]): Tensor {
  if (indices.length > x.ndim) {
    throw new RangeError(
      `Cannot apply at() as there must be at most ${x.ndim} indices: current number is ${indices.length}`,
    );
  }
  const parts = x.shape.map((n, i) => {
    const index = indices[i];
    if (index === undefined) return null;
    return typeof index === "number"
      ? { start: positionOf("at", index, n), step: 1, count: null }
      : partOf("at", index, n);
  });
  return x.apply(indices.every((i) => typeof i === "number") ? SELECT : SLICE, { parts });
}

/** `x` in pieces of `size` positions of axis `dim`, the last one smaller if need be; or of the extents in a list. */
export function split(x: Tensor, size: number | readonly number[], dim = 0): Tensor[] {
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
  let start = 0;
  return sizes.map((n) => narrow(x, axis, (start += n) - n, n));
}

/** The parts of `x` at each position of axis `dim`, without that axis. */
export function unbind(x: Tensor, dim = 0): Tensor[] {
  const axis = checkedAxis("unbind", x, dim);
  return Array.from({ length: x.shape[axis]! }, (_, i) => select(x, axis, i));
}

function evenly(size: number, extent: number): number[] | null {
  if (!Number.isInteger(size) || size < 1) return null;
  const count = Math.max(1, Math.ceil(extent / size));
  return Array.from({ length: count }, (_, i) => Math.min(size, extent - i * size));
}

/** `x` in at most `chunks` pieces along `dim`, all of one size but for the last. */
export function chunk(x: Tensor, chunks: number, dim = 0): Tensor[] {
  if (!Number.isInteger(chunks) || chunks < 1) {
    throw new RangeError(
      `Cannot apply chunk() as chunks must be an integer from 1: current number is ${chunks}`,
    );
  }
  const axis = checkedAxis("chunk", x, dim);
  return split(x, Math.max(1, Math.ceil(x.shape[axis]! / chunks)), axis);
}

function checkedAxis(op: string, x: Tensor, dim: number): number {
  if (x.ndim === 0) {
    throw new RangeError(`Cannot apply ${op}() to a scalar as there must be an axis to take from`);
  }
  return normalizeAxis(op, dim, x.ndim);
}
