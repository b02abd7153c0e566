/** Tensors that may be overwritten or given away. */
import { bytesOf } from "../../dtype.ts";
import type { Tensor } from "../../tensor.ts";

/** Whether nobody else holds the memory of `t`, which has no more in it than `t`, in row-major order. */
export function isSoleOwner(t: Tensor): boolean {
  const { storage } = t;
  return storage.references === 1 && storage.bytes === t.numel() * bytesOf(t.dtype) && t.isContiguous();
}
