/** The data of workers: rows of numbers, each with their sum. */

/** Numbers in a row. */
export const INPUTS = 12;
/** Rows there are. */
export const ROWS = 512;

/** One sample. */
export interface Row {
  readonly x: Float32Array;
  readonly y: number;
}

/** All rows, each made when it is asked for. */
export default function openRows(): { readonly length: number; get(index: number): Row } {
  return {
    length: ROWS,
    get(index) {
      const x = Float32Array.from({ length: INPUTS }, (_, i) => Math.cos(index * INPUTS + i));
      return { x, y: x.reduce((sum, value) => sum + value, 0) };
    },
  };
}
