/** True of two lists with the same numbers in the same order, to the bit: NaN is like NaN, and 0 is not -0. */
export function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a === b || (a.length === b.length && a.every((x, i) => Object.is(x, b[i])));
}
