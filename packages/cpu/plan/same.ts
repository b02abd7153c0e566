/** Lists of numbers: shapes, strides, scalars. */

/** Whether two hold the same numbers in the same order. */
export function same(a: readonly number[], b: readonly number[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
