/** Normalization by neighboring channels. */
import { showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { accumulated } from "../base/accumulated.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** Options of {@linkcode localResponseNorm}. */
export interface LocalResponseNormOptions {
  /** Factor of the mean square; 1e-4 by default. */
  readonly alpha?: number;
  /** Exponent; 3 / 4 by default. */
  readonly beta?: number;
  /** What is added to the mean square; 1 by default. */
  readonly k?: number;
}
const LOCAL_RESPONSE_NORM_OPTIONS: OptionKeys<LocalResponseNormOptions> = {
  alpha: true,
  beta: true,
  k: true,
};

/**
 * `x / (k + alpha * mean of x^2)^beta`, the mean taken over `size` neighboring channels (Krizhevsky et al. 2012).
 *
 * @param x `[n, c, ...]`
 * @param size A whole number of channels; those beyond the first and the last count as 0.
 * @throws {RangeError} If the shape or the size does not fit.
 */
export function localResponseNorm(
  x: Tensor,
  size: number,
  options?: LocalResponseNormOptions,
): Tensor {
  checkCall("localResponseNorm", arguments, "xd.");
  const { alpha = 1e-4, beta = 0.75, k = 1 } = readOptions(
    "localResponseNorm()",
    options,
    LOCAL_RESPONSE_NORM_OPTIONS,
  );
  if (x.ndim < 3 || !Number.isInteger(size) || size < 1) {
    throw new RangeError(
      `Cannot apply localResponseNorm() as the shape must be [n, c, ...] with three axes or more, and size a whole ` +
        `number from 1: current shape is ${showShape(x.shape)}, size is ${size}`,
    );
  }
  return accumulated([x], (x) => {
    const margins = [
      ...x.shape.slice(2).flatMap(() => [0, 0]),
      Math.floor(size / 2),
      Math.floor((size - 1) / 2),
    ];
    const means = x.square().pad(margins).unfold(1, size, 1).mean(-1);
    return x.div(means.mul(alpha).add(k).pow(beta));
  }, "localResponseNorm");
}
