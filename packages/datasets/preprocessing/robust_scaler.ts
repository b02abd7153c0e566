import { type Tensor, tensor } from "@troodon/core";
import { checkSurplus, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { epsilonOf, exactOf, type LearnedTensors, Preprocessor, scaleOf } from "./preprocessor.ts";

/** Options of {@linkcode RobustScaler}. */
export interface RobustScalerOptions {
  /** Subtract the median (default). */
  readonly withCentering?: boolean;
  /** Divide by the range between the quantiles (default). */
  readonly withScaling?: boolean;
  /** The quantiles, in percent (default 25 and 75). */
  readonly quantileRange?: readonly [low: number, high: number];
  /** Scale normally distributed columns to variance 1: divides the ranges by those of the normal distribution. */
  readonly unitVariance?: boolean;
}
const ROBUST_SCALER_OPTIONS: OptionKeys<RobustScalerOptions> = {
  withCentering: true,
  withScaling: true,
  quantileRange: true,
  unitVariance: true,
};

/**
 * Centers each column by its median and divides it by the range between two quantiles, which a few outliers do
 * not move. A range of zero counts as 1. NaN is left out, and stays.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { RobustScaler } from "@troodon/datasets";
 *
 * const device = new Device(new ReferenceBackend());
 * const scaled = new RobustScaler().fitTransform(tensor([[1], [2], [3], [4], [1e6]], { device }));
 * assertEquals(scaled.narrow(0, 0, 4).tolist(), [[-1], [-0.5], [0], [0.5]]);
 * ```
 */
export class RobustScaler extends Preprocessor {
  /** See {@linkcode Preprocessor}. */
  protected override readonly names: readonly [string, ...string[]] = ["center", "scale"];
  readonly #withCentering: boolean;
  readonly #withScaling: boolean;
  readonly #quantiles: readonly [number, number];
  readonly #unitVariance: boolean;

  /**
   * Scales by the median and the quartiles by default.
   *
   * @throws {RangeError} If the quantiles are not 0 <= low <= high <= 100.
   */
  constructor(options: RobustScalerOptions = {}) {
    checkSurplus(new.target.name, arguments, 1);
    options = readOptions(new.target.name, options, ROBUST_SCALER_OPTIONS);
    super();
    const { withCentering = true, withScaling = true, quantileRange: [low, high] = [25, 75] } = options;
    if (!(low >= 0 && low <= high && high <= 100)) {
      throw new RangeError(
        `Cannot make RobustScaler as quantileRange must be 0 <= low <= high <= 100: ` +
          `current range is [${low}, ${high}]`,
      );
    }
    this.#withCentering = withCentering;
    this.#withScaling = withScaling;
    this.#quantiles = [low / 100, high / 100];
    this.#unitVariance = options.unitVariance ?? false;
    if (this.#unitVariance && !(low > 0 && low < high && high < 100)) {
      throw new RangeError(
        `Cannot make RobustScaler of unit variance as quantileRange must be 0 < low < high < 100: ` +
          `current range is [${low}, ${high}]`,
      );
    }
  }

  /** Median of each column. */
  get center(): Tensor {
    return this.learnedTensor("center");
  }

  /** The divisor of each column. */
  get scale(): Tensor {
    return this.learnedTensor("scale");
  }

  /** See {@linkcode Preprocessor}. */
  protected override measure(x: Tensor): LearnedTensors {
    const [low, high] = this.#quantiles, exact = exactOf(x);
    const quantile = (q: number): Tensor => exact.nanquantile(q, 0);
    const spread = scaleOf(quantile(high).sub(quantile(low)), epsilonOf(x));
    const scale = this.#unitVariance
      ? spread.div(normalQuantile(x, high).sub(normalQuantile(x, low)))
      : spread;
    return { center: quantile(0.5).to(x.dtype).clone(), scale: scale.to(x.dtype) };
  }

  /** See {@linkcode Preprocessor}. */
  protected override change(x: Tensor): Tensor {
    const centered = this.#withCentering ? x.sub(this.center) : x;
    return this.#withScaling ? centered.div(this.scale) : centered.clone();
  }

  /** See {@linkcode Preprocessor}. */
  protected override restore(x: Tensor): Tensor {
    const scaled = this.#withScaling ? x.mul(this.scale) : x;
    return this.#withCentering ? scaled.add(this.center) : scaled.clone();
  }
}

/** Returns the quantile `q` of the standard normal distribution. */
function normalQuantile(like: Tensor, q: number): Tensor {
  return exactOf(tensor(2 * q - 1, { device: like.device, dtype: exactOf(like).dtype })).erfinv().mul(
    Math.SQRT2,
  );
}
