/** Making tensors of ranges. */
import { empty, fromTypedArray, type TensorOptions } from "./creation.ts";
import type { Tensor } from "./tensor.ts";
import { type OptionKeys, readOptions } from "./options.ts";
import { TENSOR_OPTIONS } from "./tensor/tensor_options.ts";
import { checkCall } from "./tensor/check_call.ts";

/** Options of {@linkcode logspace}. */
export interface LogspaceOptions extends TensorOptions {
  /** Base of the logarithmic scale; 10 by default. */
  readonly base?: number;
}

const LOGSPACE_OPTIONS: OptionKeys<LogspaceOptions> = {
  base: true,
  dtype: true,
  device: true,
  requiresGrad: true,
};

/** A tensor of the shape, dtype and device of `x` whose contents are undefined until it is written to. */
export function emptyLike(x: Tensor, options: TensorOptions = {}): Tensor {
  checkCall("emptyLike", arguments, "x.");
  options = readOptions("emptyLike()", options, TENSOR_OPTIONS);
  return empty(x.shape, { device: x.device, dtype: x.dtype, ...options });
}

/** `steps` powers of the base, whose exponents go from `start` to `end` at equal distances. */
export function logspace(start: number, end: number, steps: number, options: LogspaceOptions = {}): Tensor {
  checkCall("logspace", arguments, "ddd.");
  options = readOptions("logspace()", options, LOGSPACE_OPTIONS);
  const { base = 10, dtype = "float32", ...rest } = options;
  const values = Float64Array.from({ length: steps }, (_, i) => {
    const share = steps > 1 ? i / (steps - 1) : 0;
    return base ** (start + (end - start) * share);
  });
  return fromTypedArray(values, [steps], { ...rest, dtype });
}
