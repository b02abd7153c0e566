/** Values put where a mask is true, of which none has to be counted. */
import type { Tensor } from "../../tensor.ts";
import { broadcastValue, checkFits } from "./broadcast_value.ts";
import type { Pick } from "./parse.ts";

/** A mask, with axes of extent 1 for those of `x` behind the ones it is of. */
export function laidMask(x: Tensor, { axis, by }: Pick): Tensor {
  return by.reshape([...by.shape, ...new Array<number>(x.ndim - axis - by.ndim).fill(1)]);
}

/** `value` as it broadcasts to `x` where a mask is true; null if it has an element for each true one. */
export function valueUnderMask(op: string, x: Tensor, { axis, by }: Pick, value: Tensor): Tensor | null {
  // The axes of the value: those before the mask, one for what is true, those after it.
  const after = x.ndim - axis - by.ndim, counted = value.ndim - 1 - after;
  if (counted >= 0 && value.shape[counted] !== 1) return null;
  checkFits(op, x, value);
  const part = [...x.shape.slice(0, axis), 1, ...x.shape.slice(axis + by.ndim)];
  const fitted = broadcastValue(op, value, part), at = fitted.ndim - 1 - after;
  const wide = at < 0
    ? fitted
    : fitted.reshape(fitted.shape.toSpliced(at, 1, ...new Array<number>(by.ndim).fill(1)));
  return wide.to(x.dtype);
}
