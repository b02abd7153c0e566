/** Singular values of one matrix. */
import { householderQr } from "./householder.ts";
import { product, transposed } from "./matrix.ts";
import { symmetricEigen } from "./symmetric_eigen.ts";

/** `A = U diag(s) V'`, the largest first. */
export interface SvdFactors {
  /** [m, columns of U], row-major; empty if not wanted. */
  readonly u: Float64Array;
  /** min(m, n) numbers. */
  readonly s: Float64Array;
  /** V transposed: [columns of V, n], row-major; empty if not wanted. */
  readonly vh: Float64Array;
}

const SWEEPS = 60;
const EPSILON = Number.EPSILON;

/** Rotates rows p and q of length m by the angle of which `c` and `s` are the cosine and sine. */
function rotate(t: Float64Array, m: number, p: number, q: number, c: number, s: number): void {
  for (let k = 0, x = p * m, y = q * m; k < m; k++, x++, y++) {
    const a = t[x]!, b = t[y]!;
    t[x] = c * a - s * b;
    t[y] = s * a + c * b;
  }
}

function inner(t: Float64Array, m: number, p: number, q: number): number {
  let sum = 0;
  for (let k = 0, x = p * m, y = q * m; k < m; k++, x++, y++) sum += t[x]! * t[y]!;
  return sum;
}

/**
 * Makes the `n` rows of `w`, of length `m`, orthogonal by plane rotations, and
 * does the same to the rows of `v`: one-sided Jacobi (Hestenes, "Inversion of
 * matrices by biorthogonalization", 1958; Demmel and Veselić, "Jacobi's method is
 * more accurate than QR", 1992). Rows that are nothing but rounding are left alone.
 */
function orthogonalize(w: Float64Array, n: number, m: number, v: Float64Array | null): void {
  const squares = new Float64Array(n);
  for (let sweep = 0, moved = true; moved && sweep < SWEEPS; sweep++) {
    moved = false;
    let total = 0;
    for (let p = 0; p < n; p++) total += squares[p] = inner(w, m, p, p);
    const nothing = (EPSILON * n) ** 2 * total;
    for (let p = 0; p < n - 1; p++) {
      for (let q = p + 1; q < n; q++) {
        const alpha = squares[p]!, beta = squares[q]!;
        if (Math.min(alpha, beta) <= nothing) continue;
        const gamma = inner(w, m, p, q);
        if (Math.abs(gamma) <= EPSILON * Math.sqrt(alpha) * Math.sqrt(beta) * Math.sqrt(m)) continue;
        moved = true;
        const zeta = (beta - alpha) / (2 * gamma);
        const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
        const c = 1 / Math.sqrt(1 + tangent * tangent), s = c * tangent;
        rotate(w, m, p, q, c, s);
        if (v !== null) rotate(v, n, p, q, c, s);
        squares[p] = alpha - tangent * gamma;
        squares[q] = beta + tangent * gamma;
      }
    }
  }
}

/** The `count` orthonormal rows of `basis`, of length `m`, and others up to `wanted`. */
function completed(basis: Float64Array, count: number, m: number, wanted: number): Float64Array {
  if (count === wanted) return basis;
  const { q } = householderQr(transposed(basis, count, m), m, count, m), all = new Float64Array(wanted * m);
  all.set(basis);
  all.set(transposed(q, m, m).subarray(count * m, wanted * m), count * m);
  return all;
}

/**
 * The singular value decomposition.
 *
 * @param vectors "none", "reduced" (min(m, n) columns each) or "full" (whole bases).
 */
export function jacobiSvd(
  a: Float64Array,
  m: number,
  n: number,
  vectors: "none" | "reduced" | "full",
): SvdFactors {
  if (m < n) {
    const { u, s, vh } = jacobiSvd(transposed(a, m, n), n, m, vectors);
    return { s, u: transposed(vh, m, m), vh: transposed(u, n, vectors === "full" ? n : m) };
  }
  const wanted = vectors !== "none";
  let largest = 0;
  for (const x of a) largest = Math.max(largest, Math.abs(x));
  const scale = largest || 1;
  const scaled = a.map((x) => x / scale);
  // A tall matrix has the singular values of its triangle.
  const qr = m > n ? householderQr(scaled, m, n, n) : null;
  const square = qr?.r ?? scaled, columns = transposed(square, n, n);
  // Eigenvectors of A' A make the columns of A V nearly orthogonal: one or two sweeps do the rest.
  const start = symmetricEigen(product(columns, square, n, n, n), n, true).vectors;
  const w = transposed(product(square, start, n, n, n), n, n), v = transposed(start, n, n);
  orthogonalize(w, n, n, wanted ? v : null);

  const norms = Float64Array.from({ length: n }, (_, i) => Math.hypot(...w.subarray(i * n, i * n + n)));
  const order = Array.from(norms.keys()).sort((x, y) => norms[y]! - norms[x]!);
  const s = Float64Array.from(order, (i) => norms[i]! * scale);
  if (!wanted) return { u: new Float64Array(0), s, vh: new Float64Array(0) };
  const rank = order.filter((i) => norms[i]! > EPSILON * n * norms[order[0]!]!).length;
  const small = new Float64Array(rank * n), vh = new Float64Array(n * n);
  order.forEach((from, to) => {
    vh.set(v.subarray(from * n, from * n + n), to * n);
    if (to < rank) small.set(w.subarray(from * n, from * n + n).map((x) => x / norms[from]!), to * n);
  });
  const own = completed(small, rank, n, n);
  if (qr === null) return { u: transposed(own, n, n), s, vh };
  const u = product(qr.q, transposed(own, n, n), m, n, n);
  if (vectors === "reduced") return { u, s, vh };
  return { u: transposed(completed(transposed(u, m, n), n, m, m), m, m), s, vh };
}
