/** Extents, steps and margins along the axes of a layer. */

/** One number for each axis, from one for all of them or a list. */
export function sizesOf(value: number | readonly number[], axes: number): readonly number[] {
  return typeof value === "number" ? new Array<number>(axes).fill(value) : value;
}

/** For `pad()`: before and after each axis, the last one first. */
export function marginsOf(padding: readonly number[]): readonly number[] {
  return padding.toReversed().flatMap((n) => [n, n]);
}

/** The number of one axis by itself, of several as a list. */
export function oneOrSeveral(values: readonly number[]): number | readonly number[] {
  return values.length === 1 ? values[0]! : values;
}
