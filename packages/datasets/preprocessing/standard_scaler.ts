import type { Tensor } from "@troodon/core";
import { checkSurplus, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { type LearnedTensors, Preprocessor, scaleOf } from "./preprocessor.ts";

/** Options of {@linkcode StandardScaler}. */
export interface StandardScalerOptions {
  /** Subtract the mean (default). */
  readonly withMean?: boolean;
  /** Divide by the standard deviation (default). */
  readonly withStd?: boolean;
}
const STANDARD_SCALER_OPTIONS: OptionKeys<StandardScalerOptions> = { withMean: true, withStd: true };

/**
 * Gives each column mean 0 and variance 1: `(x - mean) / std`, with the variance over n as in scikit-learn.
 * A column that does not vary is divided by 1.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { StandardScaler } from "@troodon/datasets";
 *
 * const device = new Device(new ReferenceBackend());
 * const scaler = new StandardScaler();
 * const scaled = scaler.fitTransform(tensor([[1, 7], [3, 7]], { device }));
 * assertEquals(scaled.tolist(), [[-1, 0], [1, 0]]);
 * assertEquals(scaler.inverseTransform(scaled).tolist(), [[1, 7], [3, 7]]);
 * ```
 */
export class StandardScaler extends Preprocessor {
  /** See {@linkcode Preprocessor}. */
  protected override readonly names: readonly [string, ...string[]] = ["mean", "var", "scale"];
  readonly #withMean: boolean;
  readonly #withStd: boolean;

  /** Centers and scales by default. */
  constructor(options?: StandardScalerOptions) {
    checkSurplus(new.target.name, arguments, 1);
    const { withMean = true, withStd = true } = readOptions(
      new.target.name,
      options,
      STANDARD_SCALER_OPTIONS,
    );
    super();
    this.#withMean = withMean;
    this.#withStd = withStd;
  }

  /** Mean of each column. */
  get mean(): Tensor {
    return this.learnedTensor("mean");
  }

  /** Variance of each column, over n. */
  get variance(): Tensor {
    return this.learnedTensor("var");
  }

  /** What each column is divided by. */
  get scale(): Tensor {
    return this.learnedTensor("scale");
  }

  /** See {@linkcode Preprocessor}. */
  protected override measure(x: Tensor): LearnedTensors {
    const constant = x.amax(0).eq(x.amin(0));
    const [variance, mean] = x.varMean(0, { correction: 0 });
    return {
      // The mean of equal numbers is that number, whatever the sum was rounded to.
      mean: x.select(0, 0).where(constant, mean),
      var: variance.maskedFill(constant, 0),
      scale: scaleOf(variance.sqrt(), constant),
    };
  }

  /** See {@linkcode Preprocessor}. */
  protected override change(x: Tensor): Tensor {
    const centered = this.#withMean ? x.sub(this.mean) : x;
    return this.#withStd ? centered.div(this.scale) : centered.clone();
  }

  /** See {@linkcode Preprocessor}. */
  protected override restore(x: Tensor): Tensor {
    const scaled = this.#withStd ? x.mul(this.scale) : x;
    return this.#withMean ? scaled.add(this.mean) : scaled.clone();
  }
}
