/** What a kernel walks over: extents, and how each operand lies under them. */

/** Axes outermost first, and for each operand its strides along them. */
export interface Space {
  readonly extents: readonly number[];
  readonly strides: readonly (readonly number[])[];
}

/** The axes `axes`, in that order. */
export function pick({ extents, strides }: Space, axes: readonly number[]): Space {
  return { extents: axes.map((a) => extents[a]!), strides: strides.map((s) => axes.map((a) => s[a]!)) };
}

/** The same elements in the same order, with neighbouring axes made one where all operands go on from one to the other. */
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

/** Number of elements. */
export function count({ extents }: Space): number {
  return extents.reduce((n, e) => n * e, 1);
}

/**
 * Statements that take the number `index` of an element apart into positions
 * `name`0, `name`1, ... along all axes.
 */
export function positions({ extents }: Space, index: string, name: string): string[] {
  const lines: string[] = [];
  let rest = index;
  for (let axis = extents.length - 1; axis > 0; axis--) {
    // An empty space has no positions, but its shader must compile.
    const extent = Math.max(1, extents[axis]!);
    lines.push(`let ${name}${axis} = ${rest} % ${extent}u;`);
    lines.push(`let ${name}_${axis} = ${rest} / ${extent}u;`);
    rest = `${name}_${axis}`;
  }
  if (extents.length > 0) lines.push(`let ${name}0 = ${rest};`);
  return lines;
}

/** The sum of positions times `strides`; negative strides wrap around, as u32 do. */
export function offsetOf(strides: readonly number[], name: string): string {
  const terms = strides.flatMap((stride, axis) =>
    stride === 0 ? [] : [stride === 1 ? `${name}${axis}` : `${name}${axis} * ${stride >>> 0}u`]
  );
  return terms.length > 0 ? terms.join(" + ") : "0u";
}
