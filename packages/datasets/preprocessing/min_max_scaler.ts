import type { Tensor } from "@troodon/core";
import { checkSurplus, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { epsilonOf, extremeOf, type LearnedTensors, Preprocessor, scaleOf } from "./preprocessor.ts";

/** Options of {@linkcode MinMaxScaler}. */
export interface MinMaxScalerOptions {
  /** Results for the smallest and the largest value (default 0 and 1). */
  readonly featureRange?: readonly [low: number, high: number];
  /** Keep values that were not seen by `fit` within the range (default false). */
  readonly clip?: boolean;
}
const MIN_MAX_SCALER_OPTIONS: OptionKeys<MinMaxScalerOptions> = { featureRange: true, clip: true };

/**
 * Maps the range of each column to [0, 1], or to another one. A column that does not vary goes to the lower end.
 * NaN is left out of the range, and stays.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { MinMaxScaler } from "@troodon/datasets";
 *
 * const device = new Device(new ReferenceBackend());
 * const scaled = new MinMaxScaler().fitTransform(tensor([[-1], [0], [3]], { device }));
 * assertEquals(scaled.tolist(), [[0], [0.25], [1]]);
 * ```
 */
export class MinMaxScaler extends Preprocessor {
  /** See {@linkcode Preprocessor}. */
  protected override readonly names: readonly [string, ...string[]] = ["data_min", "data_max"];
  readonly #low: number;
  readonly #high: number;
  readonly #clip: boolean;

  /**
   * To [0, 1] by default.
   *
   * @throws {RangeError} If the lower end of the range is not below the upper one.
   */
  constructor(options?: MinMaxScalerOptions) {
    checkSurplus(new.target.name, arguments, 1);
    const { featureRange: [low, high] = [0, 1], clip = false } = readOptions(
      new.target.name,
      options,
      MIN_MAX_SCALER_OPTIONS,
    );
    super();
    if (!(low < high)) {
      throw new RangeError(
        `Cannot make MinMaxScaler as featureRange must grow: current range is [${low}, ${high}]`,
      );
    }
    this.#low = low;
    this.#high = high;
    this.#clip = clip;
  }

  /** Smallest value of each column. */
  get dataMin(): Tensor {
    return this.learnedTensor("data_min");
  }

  /** Largest value of each column. */
  get dataMax(): Tensor {
    return this.learnedTensor("data_max");
  }

  /** See {@linkcode Preprocessor}. */
  protected override measure(x: Tensor): LearnedTensors {
    return { data_min: extremeOf(x, "amin"), data_max: extremeOf(x, "amax") };
  }

  #range(): Tensor {
    const { dataMin, dataMax } = this;
    return scaleOf(dataMax.sub(dataMin), epsilonOf(dataMax));
  }

  /** See {@linkcode Preprocessor}. */
  protected override change(x: Tensor): Tensor {
    const [low, high] = [this.#low, this.#high];
    const scaled = x.sub(this.dataMin).div(this.#range()).mul(high - low).add(low);
    return this.#clip ? scaled.clamp({ min: low, max: high }) : scaled;
  }

  /** See {@linkcode Preprocessor}. */
  protected override restore(x: Tensor): Tensor {
    const [low, high] = [this.#low, this.#high];
    return x.sub(low).div(high - low).mul(this.#range()).add(this.dataMin);
  }
}
