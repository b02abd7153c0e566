/** Determinants. */
import { named, type TwoResults } from "../named_results.ts";
import type { HostOp } from "../op.ts";
import { matmul } from "../ops/linear/matmul.ts";
import type { Tensor } from "../tensor.ts";
import { jacobiSvd } from "./host/jacobi_svd.ts";
import { type Lu, lu, luSolve } from "./host/lu.ts";
import { inv } from "./inv.ts";
import { checkFinite, checkSquare, extentsOf, forEachMatrix, matrixAt, mT } from "./matrices.ts";
import { called } from "../ops/base/called.ts";
import { checkCall } from "../tensor/check_call.ts";

/** The product of the pivots. */
function determinant({ n, factors, parity }: Lu): number {
  let product = parity;
  for (let k = 0; k < n; k++) product *= factors[k * n + k]!;
  return product;
}

const onMatrices = (x: Tensor): Tensor => x.unsqueeze(-1).unsqueeze(-1);

const DET: HostOp<null> = {
  kind: "host",
  name: "det",
  gradName: "linalgDet",
  infer: ([x]) => [{ shape: checkSquare("det", x!).batch, dtype: x!.dtype }],
  host: ([elements], [x]) => {
    const { count, n } = extentsOf(x!);
    return forEachMatrix(count, [1], (i) => {
      return [Float64Array.of(determinant(lu(matrixAt(elements!, i, n * n), n)))];
    });
  },
  saves: () => ({ inputs: [0] }),
  // Jacobi's formula, with cofactors so that singular matrices have their gradient too
  vjp: ([g], saved) => [() => saved.input(0).apply(COFACTORS, null).mul(onMatrices(g!))],
};

// Where the smallest pivot is less than this part of the largest, the inverse is too inexact to start from.
const SAFE = 1e-6;

/** Matrices of cofactors: `det(A) inv(A)'`, where that exists. */
const COFACTORS: HostOp<null> = {
  kind: "host",
  name: "cofactors",
  infer: ([x]) => [{ shape: x!.shape, dtype: x!.dtype }],
  host: ([elements], [x]) => {
    const { batch, count, n } = extentsOf(x!);
    return forEachMatrix(count, [n * n], (i) => {
      const a = matrixAt(elements!, i, n * n);
      checkFinite("det", batch, i, a);
      return [cofactors(a, n)];
    });
  },
  saves: () => ({ inputs: [0], outputs: [0] }),
  // With C = det(A) Y', Y = inv(A): dC = C tr(Y dA) - Y' dA' C
  vjp: ([g], saved) => [() => {
    const y = mT(inv(saved.input(0))), c = saved.output(0);
    const weight = g!.mul(c).sum([-2, -1], { keepdim: true });
    return y.mul(weight).sub(matmul(matmul(c, mT(g!)), y));
  }],
};

function cofactors(a: Float64Array, n: number): Float64Array {
  const factors = lu(a, n),
    pivots = Float64Array.from({ length: n }, (_, k) => Math.abs(factors.factors[k * n + k]!));
  const c = new Float64Array(n * n);
  if (Math.min(...pivots) > SAFE * Math.max(...pivots)) {
    const inverse = new Float64Array(n * n), product = determinant(factors);
    for (let k = 0; k < n; k++) inverse[k * n + k] = 1;
    luSolve(factors, inverse, n);
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) c[i * n + j] = product * inverse[j * n + i]!;
    return c;
  }
  // The cofactors of U S V' are det(U) det(V) U C V', with the products of all other singular values in C.
  const { u, s, vh } = jacobiSvd(a, n, n, "full"), sign = determinant(lu(u, n)) * determinant(lu(vh, n));
  for (let k = 0; k < n; k++) {
    let others = sign < 0 ? -1 : 1;
    for (let l = 0; l < n; l++) if (l !== k) others *= s[l]!;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) c[i * n + j] = c[i * n + j]! + u[i * n + k]! * others * vh[k * n + j]!;
    }
  }
  return c;
}

/** The determinants of matrices [..., n, n], as [...]. Singular ones have a gradient too, but no second. Waits for the device. */
export function det(x: Tensor): Tensor {
  checkCall("det", arguments, "x");
  return x.apply(DET, null);
}

/** What {@linkcode slogdet} gives. */
export interface SlogdetResult extends TwoResults {
  /** -1, 0 or 1. */
  readonly sign: Tensor;
  /** The logarithm of the absolute value: -Infinity for singular matrices. */
  readonly logabsdet: Tensor;
}

const SLOGDET: HostOp<null> = {
  kind: "host",
  name: "slogdet",
  gradName: "linalgSlogdet",
  infer: ([x]) => {
    const spec = { shape: checkSquare("slogdet", x!).batch, dtype: x!.dtype };
    return [spec, spec];
  },
  host: ([elements], [x]) => {
    const { count, n } = extentsOf(x!);
    return forEachMatrix(count, [1, 1], (i) => {
      const { factors, parity } = lu(matrixAt(elements!, i, n * n), n);
      let sign = parity, logarithm = 0;
      for (let k = 0; k < n; k++) {
        sign *= Math.sign(factors[k * n + k]!);
        logarithm += Math.log(Math.abs(factors[k * n + k]!));
      }
      return [Float64Array.of(sign), Float64Array.of(logarithm)];
    });
  },
  saves: () => ({ inputs: [0] }),
  // (log |det A|)' = inv(A)' (Giles, "Collected matrix derivative results", 2008, 2.2.4)
  vjp: ([, g], saved) => [() => mT(inv(saved.input(0))).mul(onMatrices(g!))],
};

/** Signs and logarithms of the determinants of matrices [..., n, n], both [...]: they do not overflow. Waits for the device. */
export function slogdet(x: Tensor): SlogdetResult {
  checkCall("slogdet", arguments, "x");
  const [sign, logabsdet] = x.applyAll(SLOGDET, null) as [Tensor, Tensor];
  return named({ sign, logabsdet });
}

/** Logarithms of the determinants of matrices [..., n, n]: NaN where one is negative. Waits for the device. */
export function logdet(x: Tensor): Tensor {
  checkCall("logdet", arguments, "x");
  return called("logdet", [x], () => {
    const { sign, logabsdet } = slogdet(x);
    return logabsdet.add(sign.detach().log());
  });
}
