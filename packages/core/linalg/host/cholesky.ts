/** The triangular root of one symmetric matrix. */

/**
 * L of `A = L L'`, of whose symmetric argument the lower triangle is read (Golub
 * and Van Loan, "Matrix computations", algorithm 4.2.1); null unless A is
 * positive definite.
 */
export function choleskyFactor(a: Float64Array, n: number): Float64Array | null {
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = a[i * n + j]!;
      for (let k = 0; k < j; k++) rest -= l[i * n + k]! * l[j * n + k]!;
      if (i !== j) l[i * n + j] = rest / l[j * n + j]!;
      else if (rest > 0) l[i * n + i] = Math.sqrt(rest);
      else return null;
    }
  }
  return l;
}
