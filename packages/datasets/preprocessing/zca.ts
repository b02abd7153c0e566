import { type Tensor, tidySync } from "@troodon/core";
import { checkSurplus, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { principalAxes, refuseIncomplete, tensorLike } from "./covariance.ts";
import { type LearnedTensors, Preprocessor } from "./preprocessor.ts";

/** Options of {@linkcode ZCA}. */
export interface ZcaOptions {
  /** Added to each variance before dividing by its root, so that noise is not blown up (default 1e-6). */
  readonly epsilon?: number;
}
const ZCA_OPTIONS: OptionKeys<ZcaOptions> = { epsilon: true };

/**
 * ZCA whitening: rows with the covariance of a unit matrix that stay as close to the old ones as can be, so that
 * whitened images look like images. `(x - mean) U diag(1 / sqrt(variance + epsilon)) U^T`
 * (Bell and Sejnowski, 1997). `fit` reads the covariance back to the host.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { Device, Generator, randn, ReferenceBackend, tensor } from "@troodon/core";
 * import { ZCA } from "@troodon/datasets";
 *
 * const device = new Device(new ReferenceBackend());
 * const rows = randn([50, 2], { device, generator: new Generator(1) }).matmul(tensor([[2, 1], [0, 1]], { device }));
 * const white = new ZCA().fitTransform(rows);
 * const covariance = white.t().matmul(white).div(49).dataSync();
 * [1, 0, 0, 1].forEach((value, i) => assertAlmostEquals(Number(covariance[i]), value, 1e-4));
 * ```
 */
export class ZCA extends Preprocessor {
  /** See {@linkcode Preprocessor}. */
  protected override readonly names: readonly [string, ...string[]] = ["mean", "whiten", "color"];
  readonly #epsilon: number;

  /**
   * With an epsilon of 1e-6 by default.
   *
   * @throws {RangeError} If `epsilon` is not positive.
   */
  constructor(options?: ZcaOptions) {
    checkSurplus(new.target.name, arguments, 1);
    const { epsilon = 1e-6 } = readOptions(new.target.name, options, ZCA_OPTIONS);
    super();
    if (!(epsilon > 0)) {
      throw new RangeError(`Cannot make ZCA as epsilon must be positive: current epsilon is ${epsilon}`);
    }
    this.#epsilon = epsilon;
  }

  /** Mean of each column. */
  get mean(): Tensor {
    return this.learnedTensor("mean");
  }

  /** The matrix that multiplies centered rows, [features, features], symmetric. */
  get whitening(): Tensor {
    return this.learnedTensor("whiten");
  }

  /** Throws a RangeError for rows that are not finite. */
  protected override check(x: Tensor): void {
    refuseIncomplete(x);
  }

  /** See {@linkcode Preprocessor}. */
  protected override measure(x: Tensor): LearnedTensors {
    const { mean, variances, axes } = principalAxes(this.name, x);
    const features = x.shape[1]!;
    const u = tensorLike(x, axes, [features, features]);
    const along = (f: (variance: number) => number): Tensor =>
      tidySync(() => u.t().matmul(u.mul(tensorLike(x, variances.map(f), [features, 1]))));
    return {
      mean,
      whiten: along((variance) => 1 / Math.sqrt(variance + this.#epsilon)),
      color: along((variance) => Math.sqrt(variance + this.#epsilon)),
    };
  }

  /** See {@linkcode Preprocessor}. */
  protected override change(x: Tensor): Tensor {
    return x.sub(this.mean).matmul(this.whitening);
  }

  /** See {@linkcode Preprocessor}. */
  protected override restore(x: Tensor): Tensor {
    return x.matmul(this.learnedTensor("color")).add(this.mean);
  }
}
