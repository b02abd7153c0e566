/** Exponentials of matrices. */
import type { HostOp } from "../op.ts";
import { cat } from "../ops/shape/cat.ts";
import type { Tensor } from "../tensor.ts";
import { matrixExponential } from "./host/exponential.ts";
import { checkFinite, checkSquare, extentsOf, forEachMatrix, matrixAt, mT } from "./matrices.ts";
import { checkCall } from "../tensor/check_call.ts";

const MATRIX_EXP: HostOp<null> = {
  kind: "host",
  name: "matrixExp",
  gradName: "linalgMatrixExp",
  infer: ([x]) => {
    checkSquare("matrixExp", x!);
    return [{ shape: x!.shape, dtype: x!.dtype }];
  },
  host: ([elements], [x]) => {
    const { batch, count, n } = extentsOf(x!);
    return forEachMatrix(count, [n * n], (i) => {
      const a = matrixAt(elements!, i, n * n);
      checkFinite("matrixExp", batch, i, a);
      return [matrixExponential(a, n)];
    });
  },
  saves: () => ({ inputs: [0] }),
  // exp([[A', g], [0, A']]) holds the gradient beside exp(A') (Mathias, "A chain rule for matrix functions", 1996)
  vjp: ([g], saved) => [() => {
    const a = mT(saved.input(0)), n = a.size(-1), nothing = a.newEmpty(a.shape).fill_(0);
    const both = cat([cat([a, g!], -1), cat([nothing, a], -1)], -2);
    return matrixExp(both).narrow(-2, 0, n).narrow(-1, n, n);
  }],
};

/**
 * The exponentials of matrices [..., n, n]: `1 + A + A^2 / 2 + A^3 / 6 + ...`. Waits for the device.
 *
 * @example A rotation
 * ```ts
 * import { assert } from "@std/assert";
 * import { Device, matrixExp, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const quarter = matrixExp(tensor([[0, -Math.PI / 2], [Math.PI / 2, 0]], { device }));
 * assert(quarter.allclose(tensor([[0, -1], [1, 0]], { device }), { atol: 1e-6 }));
 * ```
 */
export function matrixExp(x: Tensor): Tensor {
  checkCall("matrixExp", arguments, "x");
  return x.apply(MATRIX_EXP, null);
}
