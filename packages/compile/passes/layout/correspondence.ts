/** Maps the positions of a kernel that reads a result (the reader) to those of the kernel that wrote it (the maker). */
import type { Layout, Shape } from "@troodon/core";

/** Movement along an axis of the maker for one step along an axis of the reader. */
export interface Step {
  /** Axis of the maker. */
  readonly axis: number;
  /** Number of positions per step. */
  readonly by: number;
}

/**
 * Maps each position of a reader to the position of the maker that it reads. Axes of the reader are split until each
 * runs along a single axis of the maker, beginning at `start`.
 */
export interface Correspondence {
  /** Extents that each axis of the reader is split into, outermost first. */
  readonly cuts: readonly (readonly number[])[];
  /** Step for each split axis; null if the maker's position does not change along it. */
  readonly steps: readonly (Step | null)[];
  /** First position along each axis of the maker. */
  readonly start: readonly number[];
}

/** Axis of the maker with more than one position. */
interface MadeAxis {
  readonly axis: number;
  readonly extent: number;
  readonly stride: number;
}

/** Axes of a layout with distinct memory locations, largest stride first; null if elements may overlap. */
function axesOf({ shape, strides }: Layout): MadeAxis[] | null {
  const axes = shape.map((extent, axis) => ({ axis, extent, stride: strides[axis]! }))
    .filter(({ extent }) => extent !== 1).sort((a, b) => b.stride - a.stride);
  const apart = axes.every(({ stride }, i) => {
    const inner = axes[i + 1];
    return stride > 0 && (inner === undefined || stride >= inner.extent * inner.stride);
  });
  return apart ? axes : null;
}

/** Position at an offset from the first element, by axis of `axes`; null if no element is there. */
function positionAt(axes: readonly MadeAxis[], distance: number): number[] | null {
  if (distance < 0) return null;
  const at: number[] = [];
  for (const { extent, stride } of axes) {
    const position = Math.floor(distance / stride);
    if (position >= extent) return null;
    distance -= position * stride;
    at.push(position);
  }
  return distance === 0 ? at : null;
}

/** Part of a split axis of the reader. */
interface Piece {
  readonly extent: number;
  /** Index of the maker's axis, and positions per step. */
  readonly along: { readonly number: number; readonly by: number } | null;
}

/** Splits an axis of the reader where it moves from one axis of the maker to the next, innermost first. */
function cutAxis(
  axes: readonly MadeAxis[],
  start: readonly number[],
  extent: number,
  stride: number,
): Piece[] | null {
  if (extent === 1 || stride === 0) return [{ extent, along: null }];
  if (stride < 0) return null;
  const pieces: Piece[] = [];
  let number = axes.findIndex((axis) => axis.stride <= stride);
  if (number < 0 || stride % axes[number]!.stride !== 0) return null;
  let by = stride / axes[number]!.stride;
  for (;;) {
    const made = axes[number]!;
    if (start[number]! + (extent - 1) * by < made.extent) {
      pieces.push({ extent, along: { number, by } });
      return pieces;
    }
    const inner = made.extent / by, outer = axes[number - 1];
    if (start[number] !== 0 || !Number.isInteger(inner) || inner === 1 || extent % inner !== 0) return null;
    if (outer === undefined || outer.stride !== made.stride * made.extent) return null;
    pieces.push({ extent: inner, along: { number, by } });
    extent /= inner;
    number--;
    by = 1;
  }
}

/**
 * Correspondence between a reader with the layout `read` and a maker with the layout `made`; null if the reader reads
 * elements that the maker did not write, or steps cannot describe it.
 */
export function correspondenceOf(read: Layout, made: Layout): Correspondence | null {
  const axes = axesOf(made);
  const start = axes && positionAt(axes, read.offset - made.offset);
  if (axes === null || start === null) return null;
  const cuts: number[][] = [], steps: (Step | null)[] = [], last = [...start];
  for (let axis = 0; axis < read.shape.length; axis++) {
    const pieces = cutAxis(axes, start, read.shape[axis]!, read.strides[axis]!);
    if (pieces === null) return null;
    pieces.reverse();
    cuts.push(pieces.map(({ extent }) => extent));
    for (const { extent, along } of pieces) {
      steps.push(along && { axis: axes[along.number]!.axis, by: along.by });
      if (along !== null) last[along.number]! += (extent - 1) * along.by;
    }
  }
  if (last.some((position, number) => position >= axes[number]!.extent)) return null;
  const whole = made.shape.map(() => 0);
  axes.forEach(({ axis }, number) => whole[axis] = start[number]!);
  return { cuts, steps, start: whole };
}

/** Correspondence of positions with equal row-major numbers; null if the axes do not nest. */
export function rowMajorCorrespondence(read: Shape, made: Shape): Correspondence | null {
  const dense = (shape: Shape): Layout => {
    const strides = new Array<number>(shape.length);
    for (let axis = shape.length - 1, stride = 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= shape[axis]!;
    }
    return { shape, strides, offset: 0 };
  };
  return correspondenceOf(dense(read), dense(made));
}

/** Extents of the split axes. */
export function cutShape({ cuts }: Correspondence): number[] {
  return cuts.flat();
}

/** Returns true if each position of a maker of shape `made` corresponds to exactly one position of the reader. */
export function isOneToOne(correspondence: Correspondence, made: Shape): boolean {
  const { steps, start } = correspondence, shape = cutShape(correspondence);
  if (start.some((position) => position !== 0)) return false;
  if (steps.some((step, axis) => step === null && shape[axis] !== 1)) return false;
  return made.every((extent, axis) => {
    let next = 1;
    for (const { by, extent } of alongAxis(correspondence, axis)) {
      if (by !== next) return false;
      next *= extent;
    }
    return next === extent;
  });
}

/** Split axis of the reader, with its steps along an axis of the maker. */
interface Along {
  readonly cut: number;
  readonly by: number;
  readonly extent: number;
}

/** Split axes that run along an axis of the maker, innermost first. */
export function alongAxis(correspondence: Correspondence, axis: number): Along[] {
  const shape = cutShape(correspondence), found: Along[] = [];
  correspondence.steps.forEach((step, cut) => {
    if (step?.axis === axis && shape[cut] !== 1) found.push({ cut, by: step.by, extent: shape[cut]! });
  });
  return found.sort((a, b) => a.by - b.by);
}
