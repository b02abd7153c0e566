/** Orthogonal bases of columns. */
import { named, type TwoResults } from "../named_results.ts";
import type { HostOp } from "../op.ts";
import { cat } from "../ops/shape/cat.ts";
import { tril } from "../ops/shape/triangle.ts";
import { matmul } from "../ops/linear/matmul.ts";
import type { Tensor } from "../tensor.ts";
import { householderQr } from "./host/householder.ts";
import { checkMatrices, extentsOf, forEachMatrix, matrixAt, mT } from "./matrices.ts";
import { solveTriangular } from "./solve.ts";
import { called } from "../ops/base/called.ts";
import { checkCall } from "../tensor/check_call.ts";

/** With as many columns in Q as the matrix has, at least, and at most as it has rows. */
const QR: HostOp<{ readonly columns: number }> = {
  kind: "host",
  name: "qr",
  gradName: "linalgQr",
  infer: ([x], { columns }) => {
    const { batch, m, n } = extentsOf(x!), { dtype } = x!;
    return [{ shape: [...batch, m, columns], dtype }, { shape: [...batch, columns, n], dtype }];
  },
  host: ([elements], [x], { columns }) => {
    const { count, m, n } = extentsOf(x!);
    return forEachMatrix(count, [m * columns, columns * n], (i) => {
      const { q, r } = householderQr(matrixAt(elements!, i, m * n), m, n, columns);
      return [q, r];
    });
  },
  saves: () => ({ outputs: [0, 1] }),
  // gA = (gQ + Q copyltu(M)) R'^-1 with M = R gR' - gQ' Q, for n <= m columns
  // (Seeger, Hetzel, Dai, Meissner and Lawrence, arXiv:1710.08717, section 4.3)
  vjp: ([gq, gr], saved) => [() => {
    const q = saved.output(0), r = saved.output(1), { m, n } = extentsOf(saved.spec(0));
    if (saved.params.columns > Math.min(m, n)) {
      throw new TypeError(
        'Cannot run backward() through qr() as a complete basis has no gradient: use the mode "reduced"',
      );
    }
    const inner = matmul(r, mT(gr!)).sub(matmul(mT(gq!), q));
    const both = tril(inner).add(mT(tril(inner, -1)));
    return solveTriangular(mT(r), gq!.add(matmul(q, both)), { upper: false, left: false });
  }],
};

/** What {@linkcode qr} gives. */
export interface QrResult extends TwoResults {
  /** Orthonormal columns. */
  readonly q: Tensor;
  /** An upper triangle. */
  readonly r: Tensor;
}

/** How many columns of Q: as many as there are rows or columns, the smaller number, or as rows. */
export type QrMode = "reduced" | "complete";

/**
 * `A = Q R` with orthonormal columns in Q and an upper triangle R, of matrices
 * [..., m, n]: Q is [..., m, k] and R [..., k, n], where k is the smaller of m
 * and n, or m in the mode "complete". By Householder reflections; signs are
 * LAPACK's. The gradient is there for a complete basis only where m <= n. Waits
 * for the device.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { Device, qr, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const a = tensor([[3, 1], [4, 2]], { device }), { q, r } = qr(a);
 * assert(q.matmul(r).allclose(a, { atol: 1e-6 }));
 * ```
 */
export function qr(x: Tensor, mode: QrMode = "reduced"): QrResult {
  checkCall("qr", arguments, "x.");
  const { m, n } = checkMatrices("qr", x);
  if (m >= n) {
    const [q, r] = x.applyAll(QR, { columns: mode === "complete" ? m : n }) as [Tensor, Tensor];
    return named({ q, r });
  }
  // A wide matrix [X, Y] has the Q of X, and R = [R of X, Q' Y].
  return called("qr", [x], () => {
    const { q, r } = qr(x.narrow(-1, 0, m));
    return named({ q, r: cat([r, matmul(mT(q), x.narrow(-1, m, n - m))], -1) });
  });
}
