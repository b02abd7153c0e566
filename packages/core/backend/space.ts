/** Iteration spaces: the extents that a kernel walks over, and how each operand lies under them. */

/** Axes outermost first, and for each operand its strides along them. */
export interface Space {
  /** Number of positions along each axis. */
  readonly extents: readonly number[];
  /** For each operand its steps along the axes. */
  readonly strides: readonly (readonly number[])[];
}

/** The space of the axes `axes` of another, in that order. */
export function pickAxes({ extents, strides }: Space, axes: readonly number[]): Space {
  return { extents: axes.map((a) => extents[a]!), strides: strides.map((s) => axes.map((a) => s[a]!)) };
}

/**
 * A space of the same elements in the same order over as few axes as possible: those of extent 1 are left out, and neighbors
 * become one where all operands go on from one to the other.
 */
export function coalesce({ extents, strides }: Space): Space {
  const joined: number[] = [];
  const steps: number[][] = strides.map(() => []);
  for (let axis = extents.length - 1; axis >= 0; axis--) {
    const extent = extents[axis]!;
    if (extent === 1) continue;
    const inner = joined[0];
    if (inner !== undefined && strides.every((s, t) => s[axis] === steps[t]![0]! * inner)) {
      joined[0] = inner * extent;
    } else {
      joined.unshift(extent);
      strides.forEach((s, t) => steps[t]!.unshift(s[axis]!));
    }
  }
  return { extents: joined, strides: steps };
}

/** Number of positions in a space. */
export function sizeOfSpace({ extents }: Space): number {
  return extents.reduce((n, e) => n * e, 1);
}
