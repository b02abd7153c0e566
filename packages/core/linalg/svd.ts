/** Singular values. */
import { named, type ThreeResults } from "../named_results.ts";
import type { HostOp } from "../op.ts";
import { matmul } from "../ops/linear/matmul.ts";
import type { Tensor } from "../tensor.ts";
import { embed } from "../ops/shape/embed.ts";
import { gaps } from "./eigh.ts";
import { jacobiSvd } from "./host/jacobi_svd.ts";
import {
  checkFinite,
  checkMatrices,
  extentsOf,
  forEachMatrix,
  matrixAt,
  mT,
  scaleColumns,
  scaleRows,
} from "./matrices.ts";
import { type OptionKeys, readOptions } from "../options.ts";
import { checkCall } from "../tensor/check_call.ts";

const skew = (x: Tensor): Tensor => x.sub(mT(x));

const SVD: HostOp<{ readonly full: boolean }> = {
  kind: "host",
  name: "svd",
  gradName: "linalgSvd",
  infer: ([x], { full }) => {
    const { batch, m, n } = checkMatrices("svd", x!), k = Math.min(m, n), { dtype } = x!;
    return [
      { shape: [...batch, m, full ? m : k], dtype },
      { shape: [...batch, k], dtype },
      { shape: [...batch, full ? n : k, n], dtype },
    ];
  },
  host: ([elements], [x], { full }) => {
    const { batch, count, m, n } = extentsOf(x!), k = Math.min(m, n);
    return forEachMatrix(count, [m * (full ? m : k), k, (full ? n : k) * n], (i) => {
      const a = matrixAt(elements!, i, m * n);
      checkFinite("svd", batch, i, a);
      const { u, s, vh } = jacobiSvd(a, m, n, full ? "full" : "reduced");
      return [u, s, vh];
    });
  },
  saves: () => ({ outputs: [0, 1, 2] }),
  // gA = U ((skew(U' gU) / E) S + S (skew(V' gV) / E) + diag(gs)) V', E_ij = s_j^2 - s_i^2, and beyond the
  // square part (1 - U U') gU / S V' + U / S gV' (1 - V V')
  // (Townsend, "Differentiating the singular value decomposition", 2016)
  vjp: ([gU, gs, gVh], saved) => [() => {
    const { m, n } = extentsOf(saved.spec(0)), k = Math.min(m, n);
    const u = saved.output(0).narrow(-1, 0, k), s = saved.output(1), vh = saved.output(2).narrow(-2, 0, k);
    const gu = gU!.narrow(-1, 0, k), gv = mT(gVh!.narrow(-2, 0, k)), v = mT(vh), e = gaps(s.square());
    const toU = matmul(mT(u), gu), toV = matmul(vh, gv);
    const inner = scaleColumns(skew(toU).div(e), s).add(scaleRows(skew(toV).div(e), s)).add(
      embed(gs!, [...s.shape, k], (into) => into.diagonal(0, -2, -1)),
    );
    let whole = matmul(matmul(u, inner), vh);
    if (m > k) whole = whole.add(matmul(scaleColumns(gu.sub(matmul(u, toU)), s.reciprocal()), vh));
    if (n > k) whole = whole.add(matmul(u, scaleRows(mT(gv.sub(matmul(v, toV))), s.reciprocal())));
    return whole;
  }],
};

const SVDVALS: HostOp<null> = {
  kind: "host",
  name: "svdvals",
  gradName: "linalgSvd",
  infer: ([x]) => {
    const { batch, m, n } = checkMatrices("svdvals", x!);
    return [{ shape: [...batch, Math.min(m, n)], dtype: x!.dtype }];
  },
  host: ([elements], [x]) => {
    const { batch, count, m, n } = extentsOf(x!);
    return forEachMatrix(count, [Math.min(m, n)], (i) => {
      const a = matrixAt(elements!, i, m * n);
      checkFinite("svdvals", batch, i, a);
      return [jacobiSvd(a, m, n, "none").s];
    });
  },
  saves: () => ({ inputs: [0] }),
  // Not by way of svd(): its slope has no meaning where values are equal, that of their sum has.
  vjp: ([g], saved) => [() => {
    const { u, vh } = svd(saved.input(0), { fullMatrices: false });
    return matmul(scaleColumns(u, g!), vh);
  }],
};

/** Options of {@linkcode svd}. */
export interface SvdOptions {
  /** Whether U and V are whole bases, or have only as many columns as there are singular values; true by default. */
  readonly fullMatrices?: boolean;
}
const SVD_OPTIONS: OptionKeys<SvdOptions> = { fullMatrices: true };

/** What {@linkcode svd} gives. */
export interface SvdResult extends ThreeResults {
  /** Orthonormal columns: [..., m, k], or [..., m, m]. */
  readonly u: Tensor;
  /** Singular values, the largest first: [..., k]. */
  readonly s: Tensor;
  /** V transposed, orthonormal rows: [..., k, n], or [..., n, n]. */
  readonly vh: Tensor;
}

/**
 * `A = U diag(s) Vh` of matrices [..., m, n], with k the smaller of m and n. By
 * one-sided Jacobi rotations. Signs of singular vectors are arbitrary; gradients
 * through them are finite only where singular values differ, are not 0, and are
 * those of the first k vectors. Waits for the device.
 *
 * @throws {RangeError} If there are elements that are not finite.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { Device, ReferenceBackend, svd, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const a = tensor([[1, 2], [3, 4], [5, 6]], { device });
 * const { u, s, vh } = svd(a, { fullMatrices: false });
 * assert(u.mul(s).matmul(vh).allclose(a, { atol: 1e-5 }));
 * ```
 */
export function svd(x: Tensor, options?: SvdOptions): SvdResult {
  checkCall("svd", arguments, "x.");
  const { fullMatrices = true } = readOptions("svd()", options, SVD_OPTIONS);
  const [u, s, vh] = x.applyAll(SVD, { full: fullMatrices }) as [Tensor, Tensor, Tensor];
  return named({ u, s, vh });
}

/** The singular values alone, the largest first: as {@linkcode svd}, but equal ones have gradients too. */
export function svdvals(x: Tensor): Tensor {
  checkCall("svdvals", arguments, "x");
  return x.apply(SVDVALS, null);
}
