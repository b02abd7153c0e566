/** Parts of axes: one position, or evenly spaced ones. */
import type { DimOr } from "../../dim_then.ts";
import type { ViewOp } from "../../op.ts";
import { normalizeAxis } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { embed } from "./embed.ts";

/** Positions `start`, `start + step`, ... of one axis, `count` of them; `count` null: the one at `start`, and no axis. */
export interface AxisPart {
  readonly start: number;
  readonly step: number;
  readonly count: number | null;
}

/** Params of slicing views: for each axis the start, step and count of the positions kept. */
export interface PartParams {
  /** For each axis, null where all of it is meant. */
  readonly parts: readonly (AxisPart | null)[];
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

const partOp = (name: string): ViewOp<PartParams> => {
  const op: ViewOp<PartParams> = {
    kind: "view",
    name,
    infer: ([x], { parts }) => [{
      shape: x!.shape.flatMap((n, i) => parts[i] ? parts[i].count ?? [] : n),
      dtype: x!.dtype,
    }],
    view({ shape, strides, offset }, { parts }) {
      const layout = { shape: [] as number[], strides: [] as number[], offset };
      // No place of nothing: it may lie beyond the end of the memory, or before its beginning.
      const empty = shape.some((n, i) => (parts[i]?.count ?? n) === 0);
      for (let i = 0; i < shape.length; i++) {
        const { start, step, count } = parts[i] ?? { start: 0, step: 1, count: shape[i]! };
        if (!empty) layout.offset += start * strides[i]!;
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

/** The view op that selects one position along each of the given axes, and drops these. */
export const SELECT: ViewOp<PartParams> = partOp("select");
/** Parts of axes, among which there may be single positions. */
export const SLICE: ViewOp<PartParams> = partOp("slice");

/** A part of axis `axis` of `x`, and all of its other axes. */
export function partAlong(x: Tensor, axis: number, which: AxisPart): PartParams {
  return { parts: x.shape.map((_, i) => i === axis ? which : null) };
}

/** `index` counted from 0; a RangeError where it is outside of an axis of `extent` positions. */
export function positionOf(op: string, index: number, extent: number, axis?: number): number {
  if (!Number.isInteger(index) || index < -extent || index >= extent) {
    throw new RangeError(
      extent === 0
        ? `Cannot apply ${op}() as axis ${axis ?? 0} has no positions: current index is ${index}`
        : `Cannot apply ${op}() as the index${
          axis === undefined ? "" : ` of axis ${axis}`
        } must be an integer ` +
          `from ${-extent} to ${extent - 1}: current index is ${index}`,
    );
  }
  return index < 0 ? index + extent : index;
}

/** The positions that a slice names on an axis of `extent` positions. */
export function partOf(op: string, { start, end, step = 1 }: Slice, extent: number): AxisPart {
  if (!Number.isInteger(step) || step === 0) {
    throw new RangeError(
      `Cannot apply ${op}() as step must be an integer other than 0: current step is ${step}`,
    );
  }
  for (const bound of [start, end]) {
    if (bound !== undefined && !Number.isInteger(bound) && Math.abs(bound) !== Infinity) {
      throw new RangeError(
        `Cannot apply ${op}() as bounds of a slice must be integers: current bound is ${bound}`,
      );
    }
  }
  const [low, high] = step > 0 ? [0, extent] : [-1, extent - 1];
  const bound = (at: number) => Math.min(Math.max(at < 0 ? at + extent : at, low), high);
  const from = start === undefined ? (step > 0 ? low : high) : bound(start);
  const to = end === undefined ? (step > 0 ? high : low) : bound(end);
  return { start: from, step, count: Math.max(0, Math.ceil((to - from) / step)) };
}

/** `dim` counted from 0; a RangeError where `x` has no axes. */
export function checkedAxis(op: string, x: Tensor, dim: DimOr<number>): number {
  if (x.ndim === 0) {
    throw new RangeError(`Cannot apply ${op}() to a scalar as there must be an axis to take from`);
  }
  return normalizeAxis(op, dim, x.ndim);
}
