/** The exponential of one matrix. */
import { lu, luSolve } from "./lu.ts";
import { product } from "./matrix.ts";

// Of the diagonal Pade approximant of order 13, and up to which 1-norm it is exact in float64.
const PADE: readonly number[] = [
  64764752532480000,
  32382376266240000,
  7771770303897600,
  1187353796428800,
  129060195264000,
  10559470521600,
  670442572800,
  33522128640,
  1323241920,
  40840800,
  960960,
  16380,
  182,
  1,
];
const BOUND = 5.371920351148152;

/** Scaling and squaring (Higham, "The scaling and squaring method for the matrix exponential revisited", 2005). */
export function matrixExponential(given: Float64Array, n: number): Float64Array {
  let norm = 0;
  for (let j = 0; j < n; j++) {
    let column = 0;
    for (let i = 0; i < n; i++) column += Math.abs(given[i * n + j]!);
    norm = Math.max(norm, column);
  }
  const squarings = norm > BOUND ? Math.ceil(Math.log2(norm / BOUND)) : 0;
  const a = given.map((x) => x / 2 ** squarings), a2 = product(a, a, n, n, n);
  // The odd powers are A times a series in A^2, as the even ones are: both by Horner's rule.
  const odd = product(a, series(a2, n, 1), n, n, n), even = series(a2, n, 0);
  let result: Float64Array = even.map((x, i) => x + odd[i]!);
  luSolve(lu(even.map((x, i) => x - odd[i]!), n), result, n);
  for (let i = 0; i < squarings; i++) result = product(result, result, n, n, n);
  return result;
}

/** The sum of `PADE[first + 2 k] A^2k`. */
function series(a2: Float64Array, n: number, first: 0 | 1): Float64Array {
  let sum: Float64Array = new Float64Array(n * n);
  for (let k = 12 + first; k >= 0; k -= 2) {
    sum = product(sum, a2, n, n, n);
    for (let i = 0; i < n; i++) sum[i * n + i] = sum[i * n + i]! + PADE[k]!;
  }
  return sum;
}
