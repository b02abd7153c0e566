/** Forms in place of what is made of several ops. */
import { tidySync } from "../scope.ts";
import type { Tensor } from "../tensor.ts";

/** Puts `f(x)` in the place of `x`. Where it is recorded, `f` gets a copy: its gradient may read what is overwritten. */
export function inPlaceOf(x: Tensor, f: (x: Tensor) => Tensor): Tensor {
  return tidySync(() => x.copy_(f(x.isRecorded ? x.clone() : x)));
}
