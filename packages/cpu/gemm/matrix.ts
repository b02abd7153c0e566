/** Matrices in memory, and the extents of their products. */
import type { Address } from "../plan/address.ts";

/** A matrix in memory: element (i, j) at `pointer + i * row + j * column`, all in bytes. */
export interface Matrix {
  readonly pointer: Address;
  readonly row: number;
  readonly column: number;
}

/** The extents of a product: [m, k] by [k, n]. */
export interface Extents {
  readonly m: number;
  readonly n: number;
  readonly k: number;
}
