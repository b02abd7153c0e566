/** Parameters as one vector. */
import { noGrad } from "@troodon/autograd";
import { cat, type Tensor, tidySync } from "@troodon/core";
import { checkCall } from "@troodon/core/kernel";
import { listTensors } from "./list_tensors.ts";

/**
 * All elements of all parameters one after another: a vector that gradients flow through.
 *
 * @throws {RangeError} If there are none.
 */
export function parametersToVector(parameters: Iterable<Tensor>): Tensor {
  checkCall("parametersToVector", arguments, "i");
  return tidySync(() => cat(listTensors("parametersToVector", parameters).map((p) => p.reshape([-1]))));
}

/**
 * Copies the elements of `vector` into the parameters one after another, without a tape.
 *
 * @throws {RangeError} If there are not as many.
 */
export function vectorToParameters(vector: Tensor, parameters: Iterable<Tensor>): void {
  checkCall("vectorToParameters", arguments, "xi");
  const list = listTensors("vectorToParameters", parameters);
  const total = list.reduce((n, p) => n + p.numel(), 0);
  if (vector.ndim !== 1 || vector.numel() !== total) {
    throw new RangeError(
      `Cannot copy a vector into parameters as it must have ${total} elements: current shape is [${vector.shape}]`,
    );
  }
  using _ = noGrad();
  let start = 0;
  for (const parameter of list) {
    tidySync(() => parameter.copy_(vector.narrow(0, start, parameter.numel()).reshape(parameter.shape)));
    start += parameter.numel();
  }
}
