/** Orthogonal triangularisation of one matrix. */
import { transposed } from "./matrix.ts";

/** `A = Q R` with orthonormal columns in Q. */
export interface QrFactors {
  /** [m, columns], row-major. */
  readonly q: Float64Array;
  /** [columns, n], row-major. */
  readonly r: Float64Array;
}

/** Adds `factor` times v to the `length` elements of `t` from `at` on; v starts at `from`. */
function add(
  t: Float64Array,
  at: number,
  v: Float64Array,
  from: number,
  length: number,
  factor: number,
): void {
  for (let k = 0; k < length; k++) t[at + k] = t[at + k]! + factor * v[from + k]!;
}

function inner(a: Float64Array, at: number, b: Float64Array, from: number, length: number): number {
  let sum = 0;
  for (let k = 0; k < length; k++) sum += a[at + k]! * b[from + k]!;
  return sum;
}

/**
 * QR by Householder reflections (Golub and Van Loan, "Matrix computations",
 * algorithm 5.2.1), signs as LAPACK has them: a column with nothing below its
 * diagonal stays as it is.
 *
 * @param columns Of Q: min(m, n), or m for a whole basis.
 */
export function householderQr(a: Float64Array, m: number, n: number, columns: number): QrFactors {
  // Columns as rows, so that all loops run along memory. Reflector j stays in row j from its diagonal on, 1 first.
  const t = transposed(a, m, n), steps = Math.min(m, n);
  const scales = new Float64Array(steps), diagonal = new Float64Array(steps);
  for (let j = 0; j < steps; j++) {
    const at = j * m + j, length = m - j, head = t[at]!;
    let largest = 0;
    for (let k = 1; k < length; k++) largest = Math.max(largest, Math.abs(t[at + k]!));
    diagonal[j] = head;
    if (largest === 0) continue;
    const unit = Math.max(largest, Math.abs(head));
    let squares = 0;
    for (let k = 0; k < length; k++) squares += (t[at + k]! / unit) ** 2;
    const norm = unit * Math.sqrt(squares), beta = head > 0 ? -norm : norm;
    diagonal[j] = beta;
    scales[j] = (beta - head) / beta;
    for (let k = 1; k < length; k++) t[at + k] = t[at + k]! / (head - beta);
    t[at] = 1;
    for (let c = j + 1; c < n; c++) {
      add(t, c * m + j, t, at, length, -scales[j]! * inner(t, c * m + j, t, at, length));
    }
  }
  const r = new Float64Array(columns * n);
  for (let i = 0; i < Math.min(columns, steps); i++) {
    r[i * n + i] = diagonal[i]!;
    for (let j = i + 1; j < n; j++) r[i * n + j] = t[j * m + i]!;
  }
  const q = new Float64Array(columns * m);
  for (let c = 0; c < columns; c++) q[c * m + c] = 1;
  for (let j = steps - 1; j >= 0; j--) {
    if (scales[j] === 0) continue;
    const at = j * m + j, length = m - j;
    for (let c = j; c < columns; c++) {
      add(q, c * m + j, t, at, length, -scales[j]! * inner(q, c * m + j, t, at, length));
    }
  }
  return { q: transposed(q, columns, m), r };
}
