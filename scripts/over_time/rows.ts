/** Dataset of the workers: rows of numbers with their sums. */

/** Number of elements per row. */
export const INPUTS = 12;
/** Number of rows. */
export const ROWS = 512;

/** Sample of the dataset. */
export interface Row {
  readonly x: Float32Array;
  readonly y: number;
}

/** Dataset that creates each row on access. */
export default function openRows(): { readonly length: number; get(index: number): Row } {
  return {
    length: ROWS,
    get(index) {
      const x = Float32Array.from({ length: INPUTS }, (_, i) => Math.cos(index * INPUTS + i));
      return { x, y: x.reduce((sum, value) => sum + value, 0) };
    },
  };
}
