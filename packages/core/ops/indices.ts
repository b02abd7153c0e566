/** Tensors that name classes or positions. */
import type { Tensor } from "../tensor.ts";

/** `x` as int32, of which int32 and uint8 are accepted. */
export function asIndices(op: string, what: string, x: Tensor): Tensor {
  if (x.dtype === "int32") return x;
  if (x.dtype === "uint8") return x.to("int32");
  throw new TypeError(
    `Cannot apply ${op}() as the ${what} must be int32 or uint8: current dtype is ${x.dtype}, ` +
      'convert it with .to("int32")',
  );
}
