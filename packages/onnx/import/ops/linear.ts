/** Matrices. */
import * as core from "@troodon/core";
import type { Tensor } from "@troodon/core";
import type { Call } from "../call.ts";
import type { Operators } from "../operator.ts";

function gemm(call: Call): Tensor {
  const a = call.input(0), b = call.input(1), c = call.optional(2), { attributes } = call;
  const alpha = attributes.float("alpha", 1), beta = attributes.float("beta", 1);
  const left = attributes.flag("transA") ? a.t() : a, turned = attributes.flag("transB");
  // The form of a layer, which there is one kernel for.
  if (turned && alpha === 1 && beta === 1 && c?.ndim === 1 && c.shape[0] === b.shape[0]) {
    return core.linear(left, b, c);
  }
  const product = left.matmul(turned ? b.t() : b), scaled = alpha === 1 ? product : product.mul(alpha);
  if (c === undefined || beta === 0) return scaled.to(a.dtype);
  return scaled.add(beta === 1 ? c : c.mul(beta)).to(a.dtype);
}

/** Matrices. */
export const LINEAR: Operators = {
  Det: (call) => core.det(call.input(0)),
  Einsum: (call) => core.einsum(call.attributes.text("equation", "").replaceAll(" ", ""), ...call.all()),
  Gemm: gemm,
  MatMul: { run: (call) => call.input(0).matmul(call.input(1)), wraps: true },
};
