/** Scale and shift by the weight and bias of a normalization. */
import { isHalf } from "../../dtype.ts";
import type { Tensor } from "../../tensor.ts";
import { accumulated } from "../base/accumulated.ts";
import { called } from "../base/called.ts";

/** `x * weight + bias`, of which either may be missing. */
export function withAffine(x: Tensor, weight: Tensor | null, bias: Tensor | null): Tensor {
  const scaled = weight ? x.mul(weight) : x;
  return bias ? scaled.add(bias) : scaled;
}

/**
 * Applies `f` to `x` under the name `name` in errors; returns a tensor of the dtype of `x`.
 *
 * @param single True if `f` is one op, which rounds once by itself.
 */
export function normalized(
  name: string,
  x: Tensor,
  weight: Tensor | null,
  bias: Tensor | null,
  single: boolean,
  f: (x: Tensor, weight: Tensor | null, bias: Tensor | null) => Tensor,
): Tensor {
  const run = single || !isHalf(x.dtype)
    ? () => f(x, weight, bias)
    : () => accumulated([x, weight, bias], f).to(x.dtype);
  return called(name, [x, weight, bias], run);
}
