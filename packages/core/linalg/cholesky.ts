/** Roots of positive definite matrices. */
import type { HostOp } from "../op.ts";
import { tril } from "../ops/diagonal.ts";
import { matmul } from "../ops/matmul.ts";
import { tidySync } from "../scope.ts";
import type { Tensor } from "../tensor.ts";
import { choleskyFactor } from "./host/cholesky.ts";
import { checkSquare, extentsOf, forEachMatrix, matrixAt, mT, refuseMatrix } from "./matrices.ts";
import { solveTriangular } from "./solve.ts";

const CHOLESKY: HostOp<null> = {
  kind: "host",
  name: "cholesky",
  gradName: "linalgCholeskyEx",
  infer: ([x]) => {
    checkSquare("cholesky", x!);
    return [{ shape: x!.shape, dtype: x!.dtype }];
  },
  host: ([elements], [x]) => {
    const { batch, count, n } = extentsOf(x!);
    return forEachMatrix(count, [n * n], (i) => {
      const factor = choleskyFactor(matrixAt(elements!, i, n * n), n);
      return [factor ?? refuseMatrix("cholesky", batch, i, "is not positive definite")];
    });
  },
  saves: () => ({ outputs: [0] }),
  // gA = sym(L'^-1 P(L' g) L^-1), where P takes the lower triangle and half of the diagonal
  // (Murray, "Differentiation of the Cholesky decomposition", arXiv:1602.07527, equation 10)
  vjp: ([g], saved) => [() => {
    const l = saved.output(0), upper = mT(l);
    const inner = matmul(upper, g!), half = tril(inner).add(tril(inner, -1)).mul(0.5);
    const left = solveTriangular(upper, half, { upper: true });
    const whole = solveTriangular(l, left, { upper: false, left: false });
    return whole.add(mT(whole)).mul(0.5);
  }],
};

/** Options of {@linkcode cholesky}. */
export interface CholeskyOptions {
  /** Whether R of `A = R' R` is wanted in place of L; false by default. */
  readonly upper?: boolean;
}

/**
 * Lower triangular L of `A = L L'` for symmetric positive definite matrices
 * [..., n, n], of which the lower triangle is read; the gradient is symmetric.
 * Waits for the device.
 *
 * @throws {RangeError} If matrices are not square, or one is not positive definite.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { cholesky, Device, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * assertEquals(cholesky(tensor([[4, 2], [2, 10]], { device })).tolist(), [[2, 0], [1, 3]]);
 * ```
 */
export function cholesky(x: Tensor, { upper = false }: CholeskyOptions = {}): Tensor {
  return upper ? tidySync(() => mT(x.apply(CHOLESKY, null))) : x.apply(CHOLESKY, null);
}
