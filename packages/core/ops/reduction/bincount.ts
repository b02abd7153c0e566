/** Counting whole numbers. */
import { INDEX_DTYPE, isFloating } from "../../dtype.ts";
import { sameShape, showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { asIndices } from "../base/indices.ts";
import { called } from "../base/called.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** Options of {@linkcode bincount}. */
export interface BincountOptions {
  /** Weight of each element, of the shape of the input; 1 by default. */
  readonly weights?: Tensor;
  /** The least length of the result; 0 by default. */
  readonly minlength?: number;
}
const BINCOUNT_OPTIONS: OptionKeys<BincountOptions> = { weights: true, minlength: true };

/**
 * How often each whole number from 0 on occurs in the vector `x`: integers, or of the dtype of the weights, where weights
 * that are integers count as float64 (float32 on a device without it). Waits for the device.
 */
export function bincount(x: Tensor, options?: BincountOptions): Tensor {
  checkCall("bincount", arguments, "x.");
  const { weights, minlength = 0 } = readOptions("bincount()", options, BINCOUNT_OPTIONS);
  if (x.ndim !== 1 || isFloating(x.dtype) || x.dtype === "bool") {
    throw new TypeError(
      `Cannot apply bincount() as there must be a vector of integers: ` +
        `current shape is ${showShape(x.shape)}, dtype ${x.dtype}`,
    );
  }
  if (weights !== undefined && !sameShape(weights.shape, x.shape)) {
    throw new RangeError(
      `Cannot apply bincount() as there must be a weight for each element: current shapes are ` +
        `${showShape(weights.shape)} and ${showShape(x.shape)}`,
    );
  }
  if (!Number.isInteger(minlength) || minlength < 0) {
    throw new RangeError(
      `Cannot apply bincount() as minlength must be a whole number from 0: current minlength is ${minlength}`,
    );
  }
  return called("bincount", [x], () => {
    const index = asIndices("bincount", "numbers", x);
    const least = x.numel() === 0 ? 0 : Number(index.amin().item());
    if (least < 0) {
      throw new RangeError(
        `Cannot apply bincount() as elements must not be negative: current smallest is ${least}`,
      );
    }
    const length = Math.max(minlength, x.numel() === 0 ? 0 : Number(index.amax().item()) + 1);
    if (weights === undefined) return x.newZeros([length], INDEX_DTYPE).scatterAdd_(0, index, 1);
    const wide = x.device.backend.limits.dtypes.includes("float64") ? "float64" : "float32";
    const weighed = isFloating(weights.dtype) ? weights.detach() : weights.to(wide);
    return weighed.newZeros([length]).scatterAdd_(0, index, weighed);
  });
}
