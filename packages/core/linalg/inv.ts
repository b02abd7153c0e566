/** Inverses. */
import type { HostOp } from "../op.ts";
import { matmul } from "../ops/linear/matmul.ts";
import type { Tensor } from "../tensor.ts";
import { lu, luSolve } from "./host/lu.ts";
import { checkSquare, extentsOf, forEachMatrix, matrixAt, mT, refuseMatrix } from "./matrices.ts";
import { checkCall } from "../tensor/check_call.ts";

const INV: HostOp<null> = {
  kind: "host",
  name: "inv",
  gradName: "linalgInvEx",
  infer: ([x]) => {
    checkSquare("inv", x!);
    return [{ shape: x!.shape, dtype: x!.dtype }];
  },
  host: ([elements], [x]) => {
    const { batch, count, n } = extentsOf(x!);
    return forEachMatrix(count, [n * n], (i) => {
      const factors = lu(matrixAt(elements!, i, n * n), n), inverse = new Float64Array(n * n);
      if (factors.singular) refuseMatrix("inv", batch, i, "is singular");
      for (let k = 0; k < n; k++) inverse[k * n + k] = 1;
      luSolve(factors, inverse, n);
      return [inverse];
    });
  },
  saves: () => ({ outputs: [0] }),
  // d(1/A) = -1/A dA 1/A (Giles, "Collected matrix derivative results", 2008, 2.2.3)
  vjp: ([g], saved) => [() => {
    const y = mT(saved.output(0));
    return matmul(matmul(y, g!), y).neg();
  }],
};

/**
 * The inverses of matrices [..., n, n] of float32 or float64. To solve equations
 * use {@linkcode solve}: it is faster and more accurate. Waits for the device.
 *
 * @throws {RangeError} If matrices are not square, or one is singular.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, inv, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * assertEquals(inv(tensor([[2, 0], [0, 4]], { device })).tolist(), [[0.5, 0], [0, 0.25]]);
 * ```
 */
export function inv(x: Tensor): Tensor {
  checkCall("inv", arguments, "x");
  return x.apply(INV, null);
}
