/** Triangular factors. */
import type { HostOp } from "../op.ts";
import { tril, triu } from "../ops/diagonal.ts";
import { embed } from "../ops/embed.ts";
import { matmul } from "../ops/matmul.ts";
import { oneHot } from "../ops/search.ts";
import { tidySync } from "../scope.ts";
import type { Tensor } from "../tensor.ts";
import { lu as factorize } from "./host/lu.ts";
import { sameShape, showShape } from "../shape.ts";
import { checkMatrices, checkSquare, extentsOf, forEachMatrix, matrixAt, mT } from "./matrices.ts";
import { solveTriangular } from "./solve.ts";

/** Outputs: L below U, LAPACK's pivots, and for each row of `P' A` which row of A it is. */
const LU_FACTOR: HostOp<null> = {
  kind: "host",
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
  return tidySync(() => {
    const [lu, pivots] = x.applyAll(LU_FACTOR, null) as [Tensor, Tensor, Tensor];
    return { lu, pivots };
  });
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
  return tidySync(() => {
    const [both, , rows] = x.applyAll(LU_FACTOR, null) as [Tensor, Tensor, Tensor];
    return { p: permutation(rows, both), l: unitLower(both), u: triu(both) };
  });
}

/** From LAPACK's pivots which row of A each row of `P' A` is. */
const PIVOTED_ROWS: HostOp<null> = {
  kind: "host",
  name: "pivotedRows",
  infer: ([pivots]) => [pivots!],
  differentiable: false,
  host: ([pivots], [spec]) => {
    const n = spec!.shape.at(-1)!, rows = pivots!.map((_, i) => i % n);
    pivots!.forEach((pivot, i) => {
      const other = i - i % n + pivot - 1;
      [rows[i], rows[other]] = [rows[other]!, rows[i]!];
    });
    return [rows];
  },
};

/**
 * X of `A X = B` from what {@linkcode luFactor} made of A: [..., n, n], [..., n] and
 * [..., n, k]; batches broadcast. Waits for the device.
 *
 * @example One factorisation for several right sides
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, luFactor, luSolve, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const { lu, pivots } = luFactor(tensor([[0, 2], [4, 0]], { device }));
 * assertEquals(luSolve(lu, pivots, tensor([[2], [4]], { device })).tolist(), [[1], [1]]);
 * ```
 */
export function luSolve(lu: Tensor, pivots: Tensor, b: Tensor): Tensor {
  checkSquare("luSolve", lu);
  checkMatrices("luSolve", b);
  if (pivots.dtype !== "int32" || !sameShape(pivots.shape, lu.shape.slice(0, -1))) {
    throw new RangeError(
      `Cannot apply luSolve() as pivots must be int32 of shape ${showShape(lu.shape.slice(0, -1))}: ` +
        `current pivots are ${pivots.dtype} of shape ${showShape(pivots.shape)}`,
    );
  }
  return tidySync(() => {
    const rows = pivots.apply(PIVOTED_ROWS, null), turned = matmul(mT(permutation(rows, lu)), b);
    const inner = solveTriangular(lu, turned, { upper: false, unitriangular: true });
    return solveTriangular(lu, inner, { upper: true });
  });
}
