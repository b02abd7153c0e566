/** Gaussian elimination of one matrix. */

/** A factorised matrix: `P A = L U`, L (ones on its diagonal, not stored) below U. */
export interface Lu {
  /** Columns. */
  readonly n: number;
  /** L and U in one, row-major. */
  readonly factors: Float64Array;
  /** With which row each of the first min(m, n) rows was exchanged, in turn: LAPACK's pivots, counted from 0. */
  readonly swaps: Int32Array;
  /** The determinant of P: 1 or -1. */
  readonly parity: number;
  /** Whether a pivot is exactly 0. */
  readonly singular: boolean;
}

/** Exchanges two rows of `width` elements. */
function exchange(a: Float64Array, width: number, i: number, j: number): void {
  for (let k = 0; k < width; k++) {
    const kept = a[i * width + k]!;
    a[i * width + k] = a[j * width + k]!;
    a[j * width + k] = kept;
  }
}

/**
 * LU with partial pivoting (Golub and Van Loan, "Matrix computations", algorithm 3.4.1).
 *
 * @param m Rows; as many as the `n` columns by default.
 */
export function lu(a: Float64Array, n: number, m: number = n): Lu {
  const count = Math.min(m, n), factors = a.slice(), swaps = new Int32Array(count);
  let parity = 1, singular = false;
  for (let k = 0; k < count; k++) {
    let best = k;
    for (let i = k + 1; i < m; i++) {
      if (Math.abs(factors[i * n + k]!) > Math.abs(factors[best * n + k]!)) best = i;
    }
    swaps[k] = best;
    if (best !== k) {
      exchange(factors, n, k, best);
      parity = -parity;
    }
    const pivot = factors[k * n + k]!;
    if (pivot === 0) {
      singular = true;
      continue;
    }
    for (let i = k + 1; i < m; i++) {
      const factor = factors[i * n + k]! / pivot;
      factors[i * n + k] = factor;
      if (factor === 0) continue;
      for (let j = k + 1; j < n; j++) factors[i * n + j] = factors[i * n + j]! - factor * factors[k * n + j]!;
    }
  }
  return { n, factors, swaps, parity, singular };
}

/** X of `A X = B` in place of B, which has `width` columns. */
export function luSolve({ n, factors, swaps }: Lu, b: Float64Array, width: number): void {
  for (let k = 0; k < n; k++) if (swaps[k] !== k) exchange(b, width, k, swaps[k]!);
  substitute(factors, n, b, width, false, true);
  substitute(factors, n, b, width, true, false);
}

/**
 * X of `T X = B` in place of B, which has `width` columns. Of T only the triangle
 * named is read, and not its diagonal where that is `unit`.
 */
export function substitute(
  t: Float64Array,
  n: number,
  b: Float64Array,
  width: number,
  upper: boolean,
  unit: boolean,
): void {
  for (let at = 0; at < n; at++) {
    const i = upper ? n - 1 - at : at;
    for (let j = upper ? i + 1 : 0, end = upper ? n : i; j < end; j++) {
      const factor = t[i * n + j]!;
      if (factor === 0) continue;
      for (let c = 0; c < width; c++) b[i * width + c] = b[i * width + c]! - factor * b[j * width + c]!;
    }
    if (unit) continue;
    const pivot = t[i * n + i]!;
    for (let c = 0; c < width; c++) b[i * width + c] = b[i * width + c]! / pivot;
  }
}
