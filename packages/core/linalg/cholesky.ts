/** Roots of positive definite matrices. */
import type { CompositeOp, HostOp } from "../op.ts";
import { tril } from "../ops/shape/triangle.ts";
import { embed } from "../ops/shape/embed.ts";
import { matmul } from "../ops/linear/matmul.ts";
import { tidySync } from "../scope.ts";
import { broadcastShapes } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { choleskyFactor } from "./host/cholesky.ts";
import { checkSquare, extentsOf, forEachMatrix, matrixAt, mT, refuseMatrix } from "./matrices.ts";
import { checkSystem, solveTriangular } from "./solve.ts";
import { called } from "../ops/base/called.ts";
import { type OptionKeys, readOptions } from "../options.ts";
import { checkCall } from "../tensor/check_call.ts";

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
const CHOLESKY_OPTIONS: OptionKeys<CholeskyOptions> = { upper: true };

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
export function cholesky(x: Tensor, options?: CholeskyOptions): Tensor {
  checkCall("cholesky", arguments, "x.");
  const { upper = false } = readOptions("cholesky()", options, CHOLESKY_OPTIONS);
  return upper ? tidySync(() => mT(x.apply(CHOLESKY, null))) : x.apply(CHOLESKY, null);
}

/** B [..., n, k] and the factor [..., n, n] of one batch to X. */
const CHOLESKY_SOLVE: CompositeOp<{ readonly upper: boolean }> = {
  kind: "composite",
  name: "choleskySolve",
  infer: ([b]) => [b!],
  composite: ([b, factor], { upper }) => {
    const l = upper ? mT(factor!) : factor!;
    return solveTriangular(mT(l), solveTriangular(l, b!, { upper: false }), { upper: true });
  },
  saves: () => ({ inputs: [1], outputs: [0] }),
  // gB = A^-1 g, gL = -(gB X' + X gB') L: of all elements of L, as PyTorch has it, though one triangle is read
  vjp: ([g], saved) => {
    const { upper } = saved.params, back = () => choleskySolve(g!, saved.input(1), { upper });
    return [back, () => {
      const half = matmul(back(), mT(saved.output(0))), inner = half.add(mT(half)).neg();
      return upper ? matmul(saved.input(1), inner) : matmul(inner, saved.input(1));
    }];
  },
};

/**
 * X of `A X = B` from the factor L of `A = L L'` that {@linkcode cholesky} gives: B [..., n, k], L [..., n, n]; batches
 * broadcast. Waits for the device.
 *
 * @param options Whether the factor is R of `A = R' R`; of either one triangle is read.
 *
 * @example One factor for several right sides
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { cholesky, choleskySolve, Device, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const factor = cholesky(tensor([[4, 2], [2, 10]], { device }));
 * assertEquals(choleskySolve(tensor([[6], [12]], { device }), factor).tolist(), [[1], [1]]);
 * ```
 */
export function choleskySolve(b: Tensor, factor: Tensor, options?: CholeskyOptions): Tensor {
  checkCall("choleskySolve", arguments, "xx.");
  const { upper = false } = readOptions("choleskySolve()", options, CHOLESKY_OPTIONS);
  checkSystem("choleskySolve", factor, b);
  const batch = broadcastShapes("choleskySolve", factor.shape.slice(0, -2), b.shape.slice(0, -2));
  const whole = (x: Tensor) => x.expand([...batch, ...x.shape.slice(-2)]);
  return called("choleskySolve", [b, factor], () => whole(b).apply(CHOLESKY_SOLVE, { upper }, whole(factor)));
}

/** The inverse of A from the factor L of `A = L L'` [..., n, n] that {@linkcode cholesky} gives. Waits for the device. */
export function choleskyInverse(factor: Tensor, options: CholeskyOptions = {}): Tensor {
  checkCall("choleskyInverse", arguments, "x.");
  options = readOptions("choleskyInverse()", options, CHOLESKY_OPTIONS);
  const { batch, n } = checkSquare("choleskyInverse", factor);
  return called("choleskyInverse", [factor], () => {
    const ones = factor.newOnes([...batch, n]);
    return choleskySolve(
      embed(ones, factor.shape, (into) => into.diagonal(0, -2, -1)),
      factor,
      options,
    );
  });
}
