/** How variables vary together. */
import { isFloating } from "../../dtype.ts";
import { showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { accumulated } from "../base/accumulated.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** Options of {@linkcode cov}. */
export interface CovOptions {
  /** Degrees of freedom subtracted from the number of observations in the divisor; 1 (Bessel's correction) by default, 0 for the population covariance. */
  readonly correction?: number;
  /** How often each observation was made: a vector of integers. */
  readonly fweights?: Tensor;
  /** How much each observation counts: a vector of numbers. */
  readonly aweights?: Tensor;
}
const COV_OPTIONS: OptionKeys<CovOptions> = { correction: true, fweights: true, aweights: true };

function checkWeights(name: string, x: Tensor, weights: Tensor | undefined, whole: boolean): void {
  if (weights === undefined) return;
  const observations = x.ndim < 2 ? x.numel() : x.shape[1]!;
  if (weights.ndim > 1 || weights.numel() !== observations) {
    throw new RangeError(
      `Cannot apply cov() as ${name} must be a vector of as many as there are observations: ` +
        `current shape is ${showShape(weights.shape)}, observations are ${observations}`,
    );
  }
  if (isFloating(weights.dtype) === whole) {
    throw new TypeError(
      `Cannot apply cov() as ${name} must be ${
        whole ? "integers" : "floating"
      }: current dtype is ${weights.dtype}`,
    );
  }
}

/**
 * The matrix of covariances of variables, the rows of `x`, whose columns are observations; of one variable, a vector,
 * its variance. Integers become float32.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { cov, Device, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * assertEquals(cov(tensor([[0, 1, 2], [2, 1, 0]], { device })).tolist(), [[1, -1], [-1, 1]]);
 * ```
 */
export function cov(x: Tensor, options?: CovOptions): Tensor {
  checkCall("cov", arguments, "x.");
  const { correction = 1, fweights, aweights } = readOptions("cov()", options, COV_OPTIONS);
  if (x.ndim > 2) {
    throw new RangeError(
      `Cannot apply cov() as there must be at most two axes: current shape is ${showShape(x.shape)}`,
    );
  }
  checkWeights("fweights", x, fweights, true);
  checkWeights("aweights", x, aweights, false);
  return accumulated([x, fweights, aweights], (x, fweights, aweights) => {
    const rows = x.ndim < 2 ? x.reshape([1, -1]) : x;
    const floats = isFloating(rows.dtype) ? rows : rows.to("float32");
    const often = fweights?.reshape([-1]).to(floats.dtype), much = aweights?.reshape([-1]).to(floats.dtype);
    const weights = often && much ? often.mul(much) : often ?? much;
    if (weights === undefined) {
      const count = floats.shape[1]!;
      const beyond = floats.sub(floats.mean(1, { keepdim: true }));
      return squeezed(beyond.matmul(beyond.t()).div(Math.max(0, count - correction)));
    }
    const total = weights.sum();
    const mean = floats.mul(weights).sum(1, { keepdim: true }).div(total);
    const lost = much && correction !== 0 ? weights.mul(much).sum().div(total).mul(correction) : correction;
    const beyond = floats.sub(mean);
    return squeezed(beyond.matmul(beyond.mul(weights).t()).div(total.sub(lost).clamp({ min: 0 })));
  }, "cov");
}

/** A matrix of one variable is a number. */
function squeezed(matrix: Tensor): Tensor {
  return matrix.numel() === 1 ? matrix.reshape([]) : matrix;
}

/** The matrix of Pearson's correlations of variables, the rows of `x`, whose columns are observations. Integers become float32. */
export function corrcoef(x: Tensor): Tensor {
  checkCall("corrcoef", arguments, "x");
  if (x.ndim > 2) {
    throw new RangeError(
      `Cannot apply corrcoef() as there must be at most two axes: current shape is ${showShape(x.shape)}`,
    );
  }
  return accumulated([x], (x) => {
    const matrix = cov(x);
    if (matrix.ndim === 0) return matrix.div(matrix);
    const deviation = matrix.diagonal().sqrt();
    return matrix.div(deviation.unsqueeze(1)).div(deviation).clamp({ min: -1, max: 1 });
  }, "corrcoef");
}
