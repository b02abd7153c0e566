/** Normalization of a tensor or an iterable of tensors to an array. */
import { Tensor } from "@troodon/core";
import { checkTensors } from "@troodon/core/kernel";

/** Returns the argument of the function `name`, a tensor or an iterable of tensors, as an array. */
export function listTensors(name: string, tensors: Tensor | Iterable<Tensor>): Tensor[] {
  const list = tensors instanceof Tensor ? [tensors] : [...tensors];
  checkTensors(name, list);
  return list;
}
