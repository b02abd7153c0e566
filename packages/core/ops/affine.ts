/** What normalizations end with. */
import type { Tensor } from "../tensor.ts";

/** `x * weight + bias`, of which either may be missing. */
export function withAffine(x: Tensor, weight: Tensor | null, bias: Tensor | null): Tensor {
  const scaled = weight ? x.mul(weight) : x;
  return bias ? scaled.add(bias) : scaled;
}
