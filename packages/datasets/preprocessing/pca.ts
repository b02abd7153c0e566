import type { Tensor } from "@troodon/core";
import { checkSurplus, type OptionKeys, readOptions } from "@troodon/core/kernel";
import {
  type PrincipalAxes,
  principalAxes,
  refuseIncomplete,
  singularAxes,
  tensorLike,
} from "./covariance.ts";
import { epsilonOf, type LearnedTensors, Preprocessor } from "./preprocessor.ts";

/** Operations of a singular value decomposition that take about a second on the host. */
const DECOMPOSABLE = 5e8;

/** Finds the axes from the rows, which keeps small ones exact, or from the covariance if there are too many rows. */
function axesOf(name: string, x: Tensor): PrincipalAxes {
  const [n, features] = x.shape as [number, number];
  return n * features * Math.min(n, features) <= DECOMPOSABLE ? singularAxes(x) : principalAxes(name, x);
}

/** Options of {@linkcode PCA}. */
export interface PcaOptions {
  /**
   * Number of components to keep or, below 1, the share of the variance that they must explain (default: the smaller of
   * the numbers of rows and columns).
   */
  readonly nComponents?: number;
  /** Divide each component by its standard deviation (default false). */
  readonly whiten?: boolean;
}
const PCA_OPTIONS: OptionKeys<PcaOptions> = { nComponents: true, whiten: true };

/**
 * Principal component analysis: rows in the coordinates of the axes along which they vary most. The largest
 * coordinate of each axis is positive, as in scikit-learn. `fit` reads the rows back to the host, or their
 * covariance if there are many.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { PCA } from "@troodon/datasets";
 *
 * const device = new Device(new ReferenceBackend());
 * const pca = new PCA({ nComponents: 1 });
 * const line = tensor([[0, 0], [3, 4], [6, 8]], { device });
 * const flat = pca.fitTransform(line);
 * assertEquals(flat.shape, [3, 1]);
 * assertAlmostEquals(pca.components.at(0, 0).item(), 0.6, 1e-6);
 * assertAlmostEquals(pca.explainedVarianceRatio.item(), 1, 1e-6);
 * ```
 */
export class PCA extends Preprocessor {
  /** See {@linkcode Preprocessor}. */
  protected override readonly names: readonly [string, ...string[]] = [
    "components",
    "mean",
    "explained_variance",
    "explained_variance_ratio",
  ];
  readonly #wanted: number | null;
  readonly #whiten: boolean;

  /**
   * All components, not whitened, by default.
   *
   * @throws {RangeError} If `nComponents` is neither a positive integer nor between 0 and 1.
   */
  constructor(options?: PcaOptions) {
    checkSurplus(new.target.name, arguments, 1);
    const { nComponents, whiten = false } = readOptions(new.target.name, options, PCA_OPTIONS);
    super();
    if (
      nComponents !== undefined && !(nComponents > 0 && (nComponents < 1 || Number.isInteger(nComponents)))
    ) {
      throw new RangeError(
        `Cannot make PCA as nComponents must be a positive integer or between 0 and 1: current nComponents is ${nComponents}`,
      );
    }
    this.#wanted = nComponents ?? null;
    this.#whiten = whiten;
  }

  /** The axes, as unit vectors in rows [components, features]. */
  get components(): Tensor {
    return this.learnedTensor("components");
  }

  /** Mean of each column. */
  get mean(): Tensor {
    return this.learnedTensor("mean");
  }

  /** Variance along each axis, over n - 1. */
  get explainedVariance(): Tensor {
    return this.learnedTensor("explained_variance");
  }

  /** The share that each axis has of the whole variance. */
  get explainedVarianceRatio(): Tensor {
    return this.learnedTensor("explained_variance_ratio");
  }

  /** The number of components that are kept. */
  protected override get outputs(): number {
    return this.components.shape[0]!;
  }

  /** See {@linkcode Preprocessor}. */
  protected override measure(x: Tensor): LearnedTensors {
    const { mean, variances, axes } = axesOf(this.name, x);
    const total = variances.reduce((sum, value) => sum + value, 0);
    const ratios = variances.map((value) => total === 0 ? 0 : value / total);
    const [n, features] = x.shape as [number, number];
    const count = this.#count(Math.min(n, features), ratios);
    return {
      components: tensorLike(x, axes.slice(0, count * features), [count, features]),
      mean,
      explained_variance: tensorLike(x, variances.slice(0, count), [count]),
      explained_variance_ratio: tensorLike(x, ratios.slice(0, count), [count]),
    };
  }

  #count(most: number, ratios: Float64Array): number {
    const wanted = this.#wanted ?? most;
    if (wanted > most) {
      throw new RangeError(
        `Cannot fit PCA as nComponents must be at most the number of rows and of columns, ${most}: ` +
          `current nComponents is ${wanted}`,
      );
    }
    if (wanted >= 1) return wanted;
    let count = 0;
    for (let sum = 0; count < most && sum <= wanted; count++) sum += ratios[count]!;
    return count;
  }

  /** Throws a RangeError for rows that are not finite. */
  protected override check(x: Tensor): void {
    refuseIncomplete(x);
  }

  /** Returns the standard deviations, raised above the size of rounding errors. */
  #spread(): Tensor {
    const deviations = this.explainedVariance.sqrt();
    return deviations.clamp({ min: epsilonOf(deviations) });
  }

  /** See {@linkcode Preprocessor}. */
  protected override change(x: Tensor): Tensor {
    const projected = x.sub(this.mean).matmul(this.components.t());
    return this.#whiten ? projected.div(this.#spread()) : projected;
  }

  /** See {@linkcode Preprocessor}. */
  protected override restore(x: Tensor): Tensor {
    const scaled = this.#whiten ? x.mul(this.explainedVariance.sqrt()) : x;
    return scaled.matmul(this.components).add(this.mean);
  }
}
