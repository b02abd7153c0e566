/** Triangular factors. */
import { named, type ThreeResults, type TwoResults } from "../named_results.ts";
import type { HostOp } from "../op.ts";
import { cat } from "../ops/shape/cat.ts";
import { tril, triu } from "../ops/shape/triangle.ts";
import { embed } from "../ops/shape/embed.ts";
import { matmul } from "../ops/linear/matmul.ts";
import { oneHot } from "../ops/indexing/one_hot.ts";
import type { Tensor } from "../tensor.ts";
import { lu as factorize } from "./host/lu.ts";
import { sameShape, showShape, sizeOf } from "../shape.ts";
import { checkMatrices, checkSquare, extentsOf, forEachMatrix, matrixAt, mT } from "./matrices.ts";
import { solveTriangular } from "./solve.ts";
import { called } from "../ops/base/called.ts";
import { checkCall } from "../tensor/check_call.ts";

/** Outputs: L below U, LAPACK's pivots, and for each row of `P' A` which row of A it is. */
const LU_FACTOR: HostOp<null> = {
  kind: "host",
  name: "luFactor",
  gradName: "linalgLuFactorEx",
  infer: ([x]) => {
    const { batch, m, n } = checkMatrices("luFactor", x!);
    return [
      { shape: x!.shape, dtype: x!.dtype },
      { shape: [...batch, Math.min(m, n)], dtype: "int32" },
      { shape: [...batch, m], dtype: "int32" },
    ];
  },
  host: ([elements], [x]) => {
    const { count, m, n } = extentsOf(x!);
    return forEachMatrix(count, [m * n, Math.min(m, n), m], (i) => {
      const { factors, swaps } = factorize(matrixAt(elements!, i, m * n), n, m);
      const rows = Float64Array.from({ length: m }, (_, k) => k);
      swaps.forEach((other, k) => [rows[k], rows[other]] = [rows[other]!, rows[k]!]);
      return [factors, Float64Array.from(swaps, (k) => k + 1), rows];
    });
  },
  saves: () => ({ outputs: [0, 2] }),
  vjp: ([g], saved) => [() => {
    const both = saved.output(0);
    return matmul(permutation(saved.output(2), both), factorGradient(both, g!));
  }],
};

/**
 * The gradient of `P' A` from that of both factors in one, with k = min(m, n) rows or columns on and above, or on and
 * left of, the corner: `L1'^-1 M U1'^-1`, beside it `L1'^-1 gU2` or below it `gL2 U1'^-1`, where
 * `M = tril(L1' gL1 - gU2 U2', -1) + triu(gU1 U1' - L2' gL2)`
 * (de Hoog, Anderssen and Lukas, "Differentiation of matrix functionals using triangular factorization", 2011).
 */
function factorGradient(both: Tensor, g: Tensor): Tensor {
  const { m, n } = extentsOf(both), k = Math.min(m, n);
  const corner = (x: Tensor) => x.narrow(-2, 0, k).narrow(-1, 0, k);
  const l = unitLower(corner(both)), u = triu(corner(both)), own = corner(g);
  const left = (x: Tensor) => solveTriangular(mT(l), x, { upper: true, unitriangular: true });
  const right = (x: Tensor) => solveTriangular(mT(u), x, { upper: false, left: false });
  const lower = matmul(mT(l), tril(own, -1)), upper = matmul(triu(own), mT(u));
  if (m === n) return right(left(tril(lower, -1).add(triu(upper))));
  if (m < n) {
    const beside = g.narrow(-1, k, n - k), past = matmul(beside, mT(both.narrow(-1, k, n - k)));
    return cat([right(left(tril(lower.sub(past), -1).add(triu(upper)))), left(beside)], -1);
  }
  const below = g.narrow(-2, k, m - k), past = matmul(mT(both.narrow(-2, k, m - k)), below);
  return cat([right(left(tril(lower, -1).add(triu(upper.sub(past))))), right(below)], -2);
}

/** The unit lower triangular factor L `[..., m, n]`, m >= n: entries below the diagonal of packed LU factors, with ones on the diagonal. */
function unitLower(x: Tensor): Tensor {
  const ones = x.newEmpty([...x.shape.slice(0, -2), x.shape.at(-1)!]).fill_(1);
  return tril(x, -1).add(embed(ones, x.shape, (into) => into.diagonal(0, -2, -1)));
}

/** P, whose column i has a 1 in the row that `rows` names. */
function permutation(rows: Tensor, like: Tensor): Tensor {
  const n = rows.shape.at(-1)!;
  return n === 0 ? like.newEmpty([...rows.shape, 0]) : mT(oneHot(rows, n).to(like.dtype));
}

/** What {@linkcode luFactor} gives. */
export interface LuFactorResult extends TwoResults {
  /** U, and below its diagonal L, on whose own diagonal are ones: [..., m, n]. */
  readonly lu: Tensor;
  /** With which row each row was exchanged, counted from 1 as LAPACK does: int32 [..., min(m, n)]. */
  readonly pivots: Tensor;
}

/** `A = P L U` of matrices [..., m, n], by partial pivoting, in compact form. Waits for the device. */
export function luFactor(x: Tensor): LuFactorResult {
  checkCall("luFactor", arguments, "x");
  return called("luFactor", [x], () => {
    const [lu, pivots] = x.applyAll(LU_FACTOR, null) as [Tensor, Tensor, Tensor];
    return named({ lu, pivots });
  });
}

/** What {@linkcode lu} gives. */
export interface LuResult extends ThreeResults {
  /** A permutation [..., m, m]. */
  readonly p: Tensor;
  /** A lower triangle with ones on its diagonal [..., m, k]. */
  readonly l: Tensor;
  /** An upper triangle [..., k, n]. */
  readonly u: Tensor;
}

/** `A = P L U` of matrices [..., m, n], by partial pivoting; k is the smaller of m and n. Waits for the device. */
export function lu(x: Tensor): LuResult {
  checkCall("lu", arguments, "x");
  return called("lu", [x], () => {
    const [both, , rows] = x.applyAll(LU_FACTOR, null) as [Tensor, Tensor, Tensor];
    const { m, n } = extentsOf(x), k = Math.min(m, n);
    return named({
      p: permutation(rows, both),
      l: unitLower(both.narrow(-1, 0, k)),
      u: triu(both.narrow(-2, 0, k)),
    });
  });
}

/** From LAPACK's pivots [..., k] which row of A each of the `m` rows of `P' A` is. */
const PIVOTED_ROWS: HostOp<{ readonly m: number }> = {
  kind: "host",
  name: "pivotedRows",
  infer: ([pivots], { m }) => [{ shape: [...pivots!.shape.slice(0, -1), m], dtype: "int32" }],
  differentiable: false,
  host: ([pivots], [spec], { m }) => {
    const k = spec!.shape.at(-1)!, count = sizeOf(spec!.shape.slice(0, -1));
    return forEachMatrix(count, [m], (number) => {
      const rows = Float64Array.from({ length: m }, (_, i) => i);
      matrixAt(pivots!, number, k).forEach((pivot, i) => {
        [rows[i], rows[pivot - 1]] = [rows[pivot - 1]!, rows[i]!];
      });
      return [rows];
    });
  },
};

/** The factors of {@linkcode lu}, unpacked from the result of {@linkcode luFactor}: packed factors [..., m, n] and pivots [..., min(m, n)]. Waits for the device. */
export function luUnpack(lu: Tensor, pivots: Tensor): LuResult {
  checkCall("luUnpack", arguments, "xx");
  const { m, n } = checkMatrices("luUnpack", lu), k = Math.min(m, n);
  if (!sameShape(pivots.shape, [...lu.shape.slice(0, -2), k])) {
    throw new RangeError(
      `Cannot apply luUnpack() as shapes must be [..., m, n] and [..., min(m, n)]: current shapes are ` +
        `${showShape(lu.shape)} and ${showShape(pivots.shape)}`,
    );
  }
  return called("luUnpack", [lu, pivots], () =>
    named<LuResult>({
      p: permutation(pivots.apply(PIVOTED_ROWS, { m }), lu),
      l: unitLower(lu.narrow(-1, 0, k)),
      u: triu(lu.narrow(-2, 0, k)),
    }));
}

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
  checkCall("luSolve", arguments, "xxx");
  checkSquare("luSolve", lu);
  checkMatrices("luSolve", b);
  if (pivots.dtype !== "int32" || !sameShape(pivots.shape, lu.shape.slice(0, -1))) {
    throw new RangeError(
      `Cannot apply luSolve() as pivots must be int32 of shape ${showShape(lu.shape.slice(0, -1))}: ` +
        `current pivots are ${pivots.dtype} of shape ${showShape(pivots.shape)}`,
    );
  }
  return called("luSolve", [lu, pivots, b], () => {
    const rows = pivots.apply(PIVOTED_ROWS, { m: pivots.shape.at(-1)! }),
      turned = matmul(mT(permutation(rows, lu)), b);
    const inner = solveTriangular(lu, turned, { upper: false, unitriangular: true });
    return solveTriangular(lu, inner, { upper: true });
  });
}
