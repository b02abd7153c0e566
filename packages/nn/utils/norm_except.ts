/** The norms that normalized weights are made of. */
import { norm, type Tensor } from "@troodon/core";
import { normalizeAxis } from "@troodon/core/kernel";

/** The Euclidean norms over all axes but `dim`, which are kept; over all of them, if that is null, which are not. */
export function normExcept(x: Tensor, dim: number | null): Tensor {
  if (dim === null) return norm(x);
  const axis = normalizeAxis("norm", dim, x.ndim);
  return norm(x, 2, x.shape.flatMap((_, i) => i === axis ? [] : [i]), { keepdim: true });
}
