/** Numbers that an op needs, from the host. */
import { bytesOf, type DType, type TypedArray, typedView } from "../dtype.ts";
import { tidySync } from "../scope.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";

/** A tensor of `data` on the device of `x`. */
export function upload(x: Tensor, data: TypedArray, shape: Shape, dtype: DType): Tensor {
  // No typed array rounds to bfloat16: the device does.
  const wide: DType = dtype === "bfloat16" ? "float32" : dtype;
  return tidySync(() => {
    const t = x.newEmpty(shape, wide), bytes = new Uint8Array(data.length * bytesOf(wide));
    typedView(wide, bytes).set(data);
    x.device.write(t.storage, bytes);
    return t.to(dtype);
  });
}
