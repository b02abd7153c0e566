/** How the positions of a kernel that reads a result lie among the positions of the kernel that made it. */
import type { Layout, Shape } from "@troodon/core";

/** The axis of the maker that an axis of the reader runs along, in steps of so many positions. */
export interface Step {
  /** Axis of the maker. */
  readonly axis: number;
  /** Positions per step. */
  readonly by: number;
}

/**
 * For each position of a reader the position of the maker that it reads: `start`, and along each axis of the reader,
 * cut into as many as it takes, steps along one axis of the maker.
 */
export interface Correspondence {
  /** For each axis of the reader the extents that it is cut into, outermost first. */
  readonly cuts: readonly (readonly number[])[];
  /** For each cut axis its steps; null where the maker's position stays. */
  readonly steps: readonly (Step | null)[];
  /** Where the reader begins along each axis of the maker. */
  readonly start: readonly number[];
}

/** An axis of the maker that has more than one position. */
interface MadeAxis {
  readonly axis: number;
  readonly extent: number;
  readonly stride: number;
}

/** The axes of a layout that tell places apart, those with large strides first; null if places might not. */
function axesOf({ shape, strides }: Layout): MadeAxis[] | null {
  const axes = shape.map((extent, axis) => ({ axis, extent, stride: strides[axis]! }))
    .filter(({ extent }) => extent !== 1).sort((a, b) => b.stride - a.stride);
  const apart = axes.every(({ stride }, i) => {
    const inner = axes[i + 1];
    return stride > 0 && (inner === undefined || stride >= inner.extent * inner.stride);
  });
  return apart ? axes : null;
}

/** The position at a distance from the first place of a layout, by axis of `axes`; null where none is. */
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

/** One piece of an axis of the reader. */
interface Piece {
  readonly extent: number;
  /** Index into the axes of the maker, and positions per step. */
  readonly along: { readonly number: number; readonly by: number } | null;
}

/** Cuts an axis of the reader where it goes on from one axis of the maker to the next; innermost first. */
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
 * Which position of a maker, whose result lies as `made`, each position of a reader sees that looks at it as `read`;
 * null where it reads other places as well, or that cannot be said by steps.
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

/** The correspondence of positions with the same number in row-major order; null where axes do not nest. */
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

/** Extents of the cut axes. */
export function cutShape({ cuts }: Correspondence): number[] {
  return cuts.flat();
}

/** True if every position of a maker of shape `made` is that of exactly one position of the reader. */
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

/** A cut axis of the reader, with its steps along an axis of the maker. */
interface Along {
  readonly cut: number;
  readonly by: number;
  readonly extent: number;
}

/** The cut axes that run along an axis of the maker, innermost first. */
export function alongAxis(correspondence: Correspondence, axis: number): Along[] {
  const shape = cutShape(correspondence), found: Along[] = [];
  correspondence.steps.forEach((step, cut) => {
    if (step?.axis === axis && shape[cut] !== 1) found.push({ cut, by: step.by, extent: shape[cut]! });
  });
  return found.sort((a, b) => a.by - b.by);
}
