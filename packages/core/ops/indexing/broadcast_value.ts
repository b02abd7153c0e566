/** Values that are put into parts of a tensor. */
import { promote } from "../../dtype.ts";
import { type Shape, showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";

/** Refuses values whose type is wider than that of the tensor they are put into. */
export function checkFits(op: string, x: Tensor, value: Tensor): void {
  if (promote(x.dtype, value.dtype) !== x.dtype) {
    throw new TypeError(
      `Cannot apply ${op}() as ${value.dtype} does not fit into ${x.dtype}: convert it with .to("${x.dtype}")`,
    );
  }
}

/** `value` without leading axes of extent 1 that `shape` does not have; a RangeError where it does not broadcast to it. */
export function broadcastValue(op: string, value: Tensor, shape: Shape): Tensor {
  const lead = Math.max(0, value.ndim - shape.length), own = value.shape.slice(lead);
  const fits = value.shape.slice(0, lead).every((n) => n === 1) &&
    own.every((n, i) => n === 1 || n === shape[shape.length - own.length + i]);
  if (!fits) {
    throw new RangeError(
      `Cannot apply ${op}() as the value must broadcast to what is assigned: ` +
        `current shapes are ${showShape(value.shape)} and ${showShape(shape)}`,
    );
  }
  return lead === 0 ? value : value.reshape(own);
}

/** A number as a tensor of the dtype of `x`. */
export function valueTensor(x: Tensor, value: Tensor | number): Tensor {
  return typeof value === "number" ? x.newEmpty([]).fill_(value) : value;
}
