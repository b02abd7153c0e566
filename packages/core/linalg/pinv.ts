/** Least squares. */
import { type FourResults, named } from "../named_results.ts";
import type { HostOp } from "../op.ts";
import { matmul } from "../ops/linear/matmul.ts";
import { sameShape } from "../shape.ts";
import type { DType } from "../dtype.ts";
import type { Tensor } from "../tensor.ts";
import { jacobiSvd } from "./host/jacobi_svd.ts";
import { checkFinite, checkMatrices, extentsOf, forEachMatrix, matrixAt, mT } from "./matrices.ts";
import { svdvals } from "./svd.ts";
import { called } from "../ops/base/called.ts";
import { type OptionKeys, readOptions } from "../options.ts";
import { checkCall } from "../tensor/check_call.ts";

/** Which singular values count as 0. */
export interface RankOptions {
  /** Those up to this. 0 by default. */
  readonly atol?: number;
  /** Those up to this part of the largest. Without `atol` the larger of m and n times the precision of the dtype by default. */
  readonly rtol?: number;
}
const RANK_OPTIONS: OptionKeys<RankOptions> = { atol: true, rtol: true };

const PRECISION: Readonly<Partial<Record<DType, number>>> = { float32: 2 ** -23, float64: 2 ** -52 };

function tolerances(x: Tensor, { atol = 0, rtol }: RankOptions): Required<RankOptions> {
  const { m, n } = extentsOf(x);
  return { atol, rtol: rtol ?? (atol > 0 ? 0 : Math.max(m, n) * PRECISION[x.dtype]!) };
}

const PINV: HostOp<Required<RankOptions>> = {
  kind: "host",
  name: "pinv",
  infer: ([x]) => {
    const { batch, m, n } = checkMatrices("pinv", x!);
    return [{ shape: [...batch, n, m], dtype: x!.dtype }];
  },
  host: ([elements], [x], { atol, rtol }) => {
    const { batch, count, m, n } = extentsOf(x!), k = Math.min(m, n);
    return forEachMatrix(count, [n * m], (number) => {
      const a = matrixAt(elements!, number, m * n), y = new Float64Array(n * m);
      checkFinite("pinv", batch, number, a);
      const { u, s, vh } = jacobiSvd(a, m, n, "reduced"), least = Math.max(atol, rtol * (s[0] ?? 0));
      for (let c = 0; c < k && s[c]! > least; c++) {
        for (let i = 0; i < n; i++) {
          const factor = vh[c * n + i]! / s[c]!;
          for (let j = 0; j < m; j++) y[i * m + j] = y[i * m + j]! + factor * u[j * k + c]!;
        }
      }
      return [y];
    });
  },
  saves: () => ({ inputs: [0], outputs: [0] }),
  // dY = -Y dA Y + Y Y' dA' (1 - A Y) + (1 - Y A) dA' Y' Y (Golub and Pereyra, "The differentiation of
  // pseudo-inverses and nonlinear least squares problems whose variables separate", 1973)
  vjp: ([g], saved) => [() => {
    const a = saved.input(0), y = saved.output(0), yT = mT(y), gT = mT(g!);
    const left = matmul(gT, matmul(y, yT)), right = matmul(matmul(yT, y), gT);
    return left.sub(matmul(a, matmul(y, left))).add(right.sub(matmul(matmul(right, y), a)))
      .sub(matmul(matmul(yT, g!), yT));
  }],
};

/**
 * The pseudo-inverses [..., n, m] of matrices [..., m, n] (Moore and Penrose), by
 * singular values. The gradient is that of matrices of the same rank. Waits for the device.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { Device, pinv, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const a = tensor([[1, 2], [2, 4]], { device });
 * assert(a.matmul(pinv(a)).matmul(a).allclose(a, { atol: 1e-5 }));
 * ```
 */
export function pinv(x: Tensor, options: RankOptions = {}): Tensor {
  checkCall("pinv", arguments, "x.");
  options = readOptions("pinv()", options, RANK_OPTIONS);
  checkMatrices("pinv", x);
  return x.apply(PINV, tolerances(x, options));
}

/** How many singular values of each matrix [..., m, n] do not count as 0: int64 [...]. Waits for the device. */
export function matrixRank(x: Tensor, options: RankOptions = {}): Tensor {
  checkCall("matrixRank", arguments, "x.");
  options = readOptions("matrixRank()", options, RANK_OPTIONS);
  checkMatrices("matrixRank", x);
  const { atol, rtol } = tolerances(x, options);
  return called("matrixRank", [x], () => rankOf(svdvals(x.detach()), atol, rtol));
}

function rankOf(s: Tensor, atol: number, rtol: number): Tensor {
  const least = s.narrow(-1, 0, Math.min(1, s.shape.at(-1)!)).mul(rtol).clamp({ min: atol });
  return s.gt(least).sum(-1);
}

/** What {@linkcode lstsq} gives. */
export interface LstsqResult extends FourResults {
  /** X: [..., n, k]. */
  readonly solution: Tensor;
  /** For each column of B the sum of the squares of `A X - B`: [..., k]. */
  readonly residuals: Tensor;
  /** The rank of each A: int64 [...]. */
  readonly rank: Tensor;
  /** The singular values of each A, the largest first. */
  readonly singularValues: Tensor;
}

/** Options of {@linkcode lstsq}. */
export interface LstsqOptions {
  /** Singular values up to this part of the largest count as 0; the larger of m and n times the precision of the dtype by default. */
  readonly rcond?: number;
}
const LSTSQ_OPTIONS: OptionKeys<LstsqOptions> = { rcond: true };

/**
 * X for which `A X - B` is smallest, and of those the smallest X: [..., m, n] and
 * [..., m, k], or vectors [..., m] in place of B; batches broadcast. By singular
 * values, as LAPACK's gelsd. Waits for the device.
 *
 * @example A line through points
 * ```ts
 * import { assert } from "@std/assert";
 * import { Device, lstsq, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const a = tensor([[0, 1], [1, 1], [2, 1]], { device }), b = tensor([1, 3, 5], { device });
 * assert(lstsq(a, b).solution.allclose(tensor([2, 1], { device }), { atol: 1e-5 }));
 * ```
 */
export function lstsq(a: Tensor, b: Tensor, options?: LstsqOptions): LstsqResult {
  checkCall("lstsq", arguments, "xx.");
  const { rcond } = readOptions("lstsq()", options, LSTSQ_OPTIONS);
  checkMatrices("lstsq", a);
  const { atol, rtol } = tolerances(a, rcond === undefined ? {} : { rtol: rcond });
  const vectors = b.ndim === 1 || (a.ndim === b.ndim + 1 && sameShape(a.shape.slice(0, -1), b.shape));
  return called("lstsq", [a, b], () => {
    const right = vectors ? b.unsqueeze(-1) : b;
    const x = matmul(pinv(a, { rtol }), right), residuals = matmul(a, x).sub(right).square().sum(-2);
    const singularValues = svdvals(a.detach());
    return named({
      solution: vectors ? x.squeeze(-1) : x,
      residuals: vectors ? residuals.squeeze(-1) : residuals,
      rank: rankOf(singularValues, atol, rtol),
      singularValues,
    });
  });
}
