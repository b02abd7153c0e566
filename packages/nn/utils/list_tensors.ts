/** The tensors of an iterable. */
import { Tensor } from "@troodon/core";
import { checkTensors } from "@troodon/core/kernel";

/** The tensor, or the tensors, that the function `name` was given as a list. */
export function listTensors(name: string, tensors: Tensor | Iterable<Tensor>): Tensor[] {
  const list = tensors instanceof Tensor ? [tensors] : [...tensors];
  checkTensors(name, list);
  return list;
}
