/** Scale and shift by the weight and bias of a normalization. */
import { isHalf } from "../../dtype.ts";
import { tidySync } from "../../scope.ts";
import type { Tensor } from "../../tensor.ts";
import { accumulated } from "../base/accumulated.ts";

/** `x * weight + bias`, of which either may be missing. */
export function withAffine(x: Tensor, weight: Tensor | null, bias: Tensor | null): Tensor {
  const scaled = weight ? x.mul(weight) : x;
  return bias ? scaled.add(bias) : scaled;
}

/**
 * What `f` makes of `x`, of the dtype of `x`.
 *
 * @param single Whether that is one op, which rounds once by itself.
 */
export function normalized(
  x: Tensor,
  weight: Tensor | null,
  bias: Tensor | null,
  single: boolean,
  f: (x: Tensor, weight: Tensor | null, bias: Tensor | null) => Tensor,
): Tensor {
  if (single || !isHalf(x.dtype)) return tidySync(() => f(x, weight, bias));
  return tidySync(() => accumulated([x, weight, bias], f).to(x.dtype));
}
