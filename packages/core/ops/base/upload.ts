/** Numbers that an op needs, from the host. */
import type { DType, TypedArray } from "../../dtype.ts";
import { encoded } from "../../elements/encode.ts";
import type { Shape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";

/** A tensor of `data` on the device of `x`. */
export function upload(x: Tensor, data: TypedArray | BigInt64Array, shape: Shape, dtype: DType): Tensor {
  const t = x.newEmpty(shape, dtype);
  x.device.write(t.storage, encoded("make a tensor", data, dtype));
  return t;
}
