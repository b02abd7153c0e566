import { onesLike, type Tensor } from "@troodon/core";
import { checkSurplus, type OptionKeys, readOptions, showShape } from "@troodon/core/kernel";
import { exactOf, extremeOf, type LearnedTensors, Preprocessor } from "./preprocessor.ts";

/** Options of {@linkcode StandardScaler}. */
export interface StandardScalerOptions {
  /** Subtract the mean (default). */
  readonly withMean?: boolean;
  /** Divide by the standard deviation (default). */
  readonly withStd?: boolean;
}
const STANDARD_SCALER_OPTIONS: OptionKeys<StandardScalerOptions> = { withMean: true, withStd: true };

/** Options of {@linkcode StandardScaler.fit}. */
export interface StandardFitOptions {
  /** Weight of each row, [n], not negative (default: all equal). */
  readonly sampleWeight?: Tensor;
}
const FIT_OPTIONS: OptionKeys<StandardFitOptions> = { sampleWeight: true };

/**
 * Gives each column mean 0 and variance 1: `(x - mean) / std`, with the variance over n as in scikit-learn.
 * A column that does not vary but for rounding is divided by 1. NaN is left out of means and variances, and
 * stays. Learned numbers are float64 where the device has it, whatever the dtype of the rows.
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
  #weights: Tensor | null = null;

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

  /** The divisor of each column. */
  get scale(): Tensor {
    return this.learnedTensor("scale");
  }

  /**
   * Learns from rows `x` [n, features].
   *
   * @throws {RangeError} If `x` has another number of axes, or no rows, or holds infinity, or the weights are not [n].
   */
  override fit(x: Tensor, options: StandardFitOptions = {}): this {
    const { sampleWeight } = readOptions("StandardScaler.fit()", options, FIT_OPTIONS);
    if (sampleWeight && (sampleWeight.ndim !== 1 || sampleWeight.shape[0] !== x.shape[0])) {
      throw new RangeError(
        `Cannot fit StandardScaler as weights must be [n] for rows [n, features]: current shapes are ${
          showShape(sampleWeight.shape)
        } and ${showShape(x.shape)}`,
      );
    }
    this.#weights = sampleWeight?.detach() ?? null;
    try {
      return super.fit(x);
    } finally {
      this.#weights = null;
    }
  }

  /** See {@linkcode Preprocessor}. */
  protected override measure(x: Tensor): LearnedTensors {
    const exact = exactOf(x), missing = exact.isnan();
    const present = this.#weights === null
      ? onesLike(exact)
      : exactOf(this.#weights).to(exact.dtype).unsqueeze(1).expand(exact.shape);
    const weights = present.maskedFill(missing, 0), total = weights.sum(0);
    const average = (values: Tensor): Tensor => values.mul(weights).sum(0).div(total);
    const numbers = exact.maskedFill(missing, 0),
      [low, high] = [extremeOf(exact, "amin"), extremeOf(exact, "amax")];
    const same = low.eq(high), rough = average(numbers);
    // The second pass corrects the rounding of the sum, so that the mean of equal numbers is exact.
    const mean = low.where(same, rough.add(average(numbers.sub(rough))));
    const variance = average(numbers.sub(mean).square()).maskedFill(same, 0);
    // Rounding alone makes a variance of this size.
    const noise = total.mul(mean).mul(EPSILON).square().add(total.mul(variance).mul(EPSILON));
    return { mean, var: variance, scale: variance.sqrt().maskedFill(variance.le(noise), 1) };
  }

  /** See {@linkcode Preprocessor}. */
  protected override change(x: Tensor): Tensor {
    const exact = exactOf(x), centered = this.#withMean ? exact.sub(this.mean) : exact;
    return (this.#withStd ? centered.div(this.scale) : centered).to(x.dtype).clone();
  }

  /** See {@linkcode Preprocessor}. */
  protected override restore(x: Tensor): Tensor {
    const exact = exactOf(x), scaled = this.#withStd ? exact.mul(this.scale) : exact;
    return (this.#withMean ? scaled.add(this.mean) : scaled).to(x.dtype).clone();
  }
}

/** The epsilon of float64, which scikit-learn uses for every dtype. */
const EPSILON = 2 ** -52;
