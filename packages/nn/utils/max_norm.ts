/** A bound on the norms of weights. */
import { noGrad } from "@troodon/autograd";
import { type Tensor, tidySync } from "@troodon/core";
import { checkCall, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { normExcept } from "./norm_except.ts";

/** Options of {@linkcode maxNorm_}. */
export interface MaxNormOptions {
  /** There is a norm for each position along this axis; 0, the outputs of a layer, by default. */
  readonly dim?: number;
}
const MAX_NORM_OPTIONS: OptionKeys<MaxNormOptions> = { dim: true };

/**
 * Scales what is longer than `limit` down to it: the weights of each output for themselves, in place and without a tape;
 * to be called behind each step of an optimizer (Hinton et al. 2012, arXiv:1207.0580).
 *
 * @returns `weight`
 * @throws {RangeError} If `limit` is not above 0.
 */
export function maxNorm_(weight: Tensor, limit: number, options?: MaxNormOptions): Tensor {
  checkCall("maxNorm_", arguments, "xd.");
  const { dim = 0 } = readOptions("maxNorm_()", options, MAX_NORM_OPTIONS);
  if (!(limit > 0)) {
    throw new RangeError(`Cannot apply maxNorm_() as the limit must be above 0: current limit is ${limit}`);
  }
  using _ = noGrad();
  return tidySync(() => weight.mul_(normExcept(weight, dim).clamp({ min: limit }).reciprocal().mul(limit)));
}
