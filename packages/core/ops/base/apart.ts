/** Results that share no memory with what they are made of. */
import type { Tensor } from "../../tensor.ts";
import { clone } from "./cast.ts";

/** `y`, or a copy of it where it is another look at the memory of `x`. */
export function apart(y: Tensor, x: Tensor): Tensor {
  return y.storage === x.storage ? clone(y) : y;
}
