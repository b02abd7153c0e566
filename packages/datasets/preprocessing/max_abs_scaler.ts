import type { Tensor } from "@troodon/core";
import { epsilonOf, extremeOf, type LearnedTensors, Preprocessor, scaleOf } from "./preprocessor.ts";

/**
 * Divides each column by its largest absolute value: zeros stay zeros. A column of zeros is divided by 1.
 * NaN is left out of the maximum, and stays.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { MaxAbsScaler } from "@troodon/datasets";
 *
 * const device = new Device(new ReferenceBackend());
 * const scaled = new MaxAbsScaler().fitTransform(tensor([[-4, 0], [2, 0]], { device }));
 * assertEquals(scaled.tolist(), [[-1, 0], [0.5, 0]]);
 * ```
 */
export class MaxAbsScaler extends Preprocessor {
  /** See {@linkcode Preprocessor}. */
  protected override readonly names: readonly [string, ...string[]] = ["max_abs"];

  /** Largest absolute value of each column. */
  get maxAbs(): Tensor {
    return this.learnedTensor("max_abs");
  }

  /** See {@linkcode Preprocessor}. */
  protected override measure(x: Tensor): LearnedTensors {
    return { max_abs: extremeOf(x.abs(), "amax") };
  }

  #scale(): Tensor {
    return scaleOf(this.maxAbs, epsilonOf(this.maxAbs));
  }

  /** See {@linkcode Preprocessor}. */
  protected override change(x: Tensor): Tensor {
    return x.div(this.#scale());
  }

  /** See {@linkcode Preprocessor}. */
  protected override restore(x: Tensor): Tensor {
    return x.mul(this.#scale());
  }
}
