/** Triangular factors. */
import type { Op } from "../op.ts";
import { tril, triu } from "../ops/diagonal.ts";
import { embed } from "../ops/embed.ts";
import { matmul } from "../ops/matmul.ts";
import { oneHot } from "../ops/search.ts";
import { tidy } from "../scope.ts";
import type { Tensor } from "../tensor.ts";
import { lu as factorize } from "./host/lu.ts";
import { checkSquare, extentsOf, forEachMatrix, matrixAt, mT } from "./matrices.ts";
import { solveTriangular } from "./solve.ts";

/** Outputs: L below U, LAPACK's pivots, and for each row of `P' A` which row of A it is. */
const LU_FACTOR: Op<null> = {
  name: "luFactor",
  gradName: "linalgLuFactorEx",
  infer: ([x]) => {
    const { batch, n } = checkSquare("luFactor", x!),
      rows = { shape: [...batch, n], dtype: "int32" } as const;
    return [{ shape: x!.shape, dtype: x!.dtype }, rows, rows];
  },
  host: ([elements], [x]) => {
    const { count, n } = extentsOf(x!);
    return forEachMatrix(count, [n * n, n, n], (i) => {
      const { factors, swaps } = factorize(matrixAt(elements!, i, n * n), n);
      const rows = Float64Array.from({ length: n }, (_, k) => k);
      swaps.forEach((other, k) => [rows[k], rows[other]] = [rows[other]!, rows[k]!]);
      return [factors, Float64Array.from(swaps, (k) => k + 1), rows];
    });
  },
  saves: () => ({ outputs: [0, 2] }),
  // gA = P L'^-1 (tril(L' gL, -1) + triu(gU U')) U'^-1: both triangles of the gradient hold what it is made of
  // (de Hoog, Anderssen and Lukas, "Differentiation of matrix functionals using triangular factorization", 2011)
  vjp: ([g], saved) => [() => {
    const both = saved.output(0), u = triu(both), l = unitLower(both);
    const inner = tril(matmul(mT(l), tril(g!, -1)), -1).add(triu(matmul(triu(g!), mT(u))));
    const left = solveTriangular(mT(l), inner, { upper: true, unitriangular: true });
    const whole = solveTriangular(mT(u), left, { upper: false, left: false });
    return matmul(permutation(saved.output(2), both), whole);
  }],
};

/** What is below the diagonal, and ones on it. */
function unitLower(x: Tensor): Tensor {
  const ones = x.newEmpty(x.shape.slice(0, -1)).fill_(1);
  return tril(x, -1).add(embed(ones, x.shape, (into) => into.diagonal(0, -2, -1)));
}

/** P, whose column i has a 1 in the row that `rows` names. */
function permutation(rows: Tensor, like: Tensor): Tensor {
  return mT(oneHot(rows, rows.shape.at(-1)!).to(like.dtype));
}

/** What {@linkcode luFactor} gives. */
export interface LuFactorResult {
  /** U, and below its diagonal L, on whose own diagonal are ones: [..., n, n]. */
  readonly lu: Tensor;
  /** With which row each row was exchanged, counted from 1 as LAPACK does: int32 [..., n]. */
  readonly pivots: Tensor;
}

/** `A = P L U` of matrices [..., n, n], by partial pivoting, in compact form. Waits for the device. */
export function luFactor(x: Tensor): LuFactorResult {
  const [lu, pivots, rows] = x.applyAll(LU_FACTOR, null) as [Tensor, Tensor, Tensor];
  rows.dispose();
  return { lu, pivots };
}

/** What {@linkcode lu} gives. */
export interface LuResult {
  /** A permutation. */
  readonly p: Tensor;
  /** A lower triangle with ones on its diagonal. */
  readonly l: Tensor;
  /** An upper triangle. */
  readonly u: Tensor;
}

/** `A = P L U` of matrices [..., n, n], by partial pivoting, all [..., n, n]. Waits for the device. */
export function lu(x: Tensor): LuResult {
  return tidy(() => {
    const [both, , rows] = x.applyAll(LU_FACTOR, null) as [Tensor, Tensor, Tensor];
    return { p: permutation(rows, both), l: unitLower(both), u: triu(both) };
  });
}
