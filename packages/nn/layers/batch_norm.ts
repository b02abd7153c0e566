/** Normalization over the batch. */
import { batchNorm, live, type Tensor, zeros } from "@troodon/core";
import { type OptionKeys, readOptions, showFlag, showNumber, showShape } from "@troodon/core/kernel";
import { ones_, zeros_ } from "../init.ts";
import { checkExtents } from "../check_numbers.ts";
import { Module } from "../module.ts";
import { batchesBefore } from "./batch_count.ts";
import type { Parameter } from "../parameter.ts";
import { emptyParameter, type LayerOptions } from "./linear.ts";

/** Options of {@linkcode BatchNorm1d}, {@linkcode BatchNorm2d} and {@linkcode BatchNorm3d}. */
export interface BatchNormOptions extends LayerOptions {
  /** Added to the variance; 1e-5 by default. */
  readonly eps?: number;
  /** Share of a new batch in the running statistics, null for their plain mean; 0.1 by default. */
  readonly momentum?: number | null;
  /** Whether scale and shift are learnt; true by default. */
  readonly affine?: boolean;
  /** Adds a learned bias to the scale (default true). */
  readonly bias?: boolean;
  /** Whether statistics are kept for use after training; true by default. */
  readonly trackRunningStats?: boolean;
}

/** The keys of {@linkcode BatchNormOptions}. */
export const BATCH_NORM_OPTIONS: OptionKeys<BatchNormOptions> = {
  eps: true,
  momentum: true,
  affine: true,
  bias: true,
  trackRunningStats: true,
  device: true,
  dtype: true,
};

/**
 * Each channel brought to mean 0 and deviation 1, then scaled and shifted (Ioffe
 * and Szegedy 2015, arXiv:1502.03167): over the batch while training, by the
 * running statistics otherwise. The base of the variants by dimension.
 */
export abstract class BatchNorm extends Module {
  /** [numFeatures], or null. */
  weight: Parameter | null;
  /** [numFeatures], or null. */
  bias: Parameter | null;
  /** [numFeatures], or null. */
  readonly runningMean: Tensor | null = null;
  /** [numFeatures], unbiased; or null. */
  readonly runningVar: Tensor | null = null;
  /** A count of batches, int32; or null. */
  readonly numBatchesTracked: Tensor | null = null;
  /** Number of channels. */
  protected readonly features: number;
  /** Added to the variance. */
  protected readonly eps: number;
  /** Share of a new batch in the running statistics, or null. */
  protected readonly momentum: number | null;

  /** Scale 1, shift 0, mean 0, variance 1. */
  constructor(numFeatures: number, options: BatchNormOptions = {}) {
    options = readOptions(new.target.name, options, BATCH_NORM_OPTIONS);
    checkExtents(new.target.name, { numFeatures });
    super();
    const { eps = 1e-5, momentum = 0.1, affine = true, bias = true, trackRunningStats = true } = options;
    this.features = numFeatures;
    this.eps = eps;
    this.momentum = momentum;
    this.weight = affine ? emptyParameter([numFeatures], options) : null;
    this.bias = affine && bias ? emptyParameter([numFeatures], options) : null;
    if (this.weight) ones_(this.weight);
    if (this.bias) zeros_(this.bias);
    if (trackRunningStats) {
      const { device, dtype = "float32" } = options;
      this.runningMean = zeros([numFeatures], { ...(device && { device }), dtype });
      this.runningVar = this.runningMean.newOnes([numFeatures]);
      this.numBatchesTracked = this.runningMean.newZeros([], "int64");
      for (const name of ["runningMean", "runningVar", "numBatchesTracked"]) this.registerBuffer(name);
    }
  }

  /** Whether an input of so many axes will do. */
  protected abstract accepts(ndim: number): boolean;

  /**
   * Applies the layer.
   *
   * @param x [n, numFeatures, ...]
   */
  override forward(x: Tensor): Tensor {
    if (!this.accepts(x.ndim) || x.shape[1] !== this.features) {
      throw new RangeError(
        `Cannot apply ${this.constructor.name} as the input must have ${this.features} channels on axis 1 and the ` +
          `right number of axes: current shape is ${showShape(x.shape)}`,
      );
    }
    const { runningMean, runningVar } = this;
    const tracking = this.training && runningMean !== null;
    // Read the buffer only if the value is needed.
    const momentum = this.momentum ??
      (tracking ? live(() => 1 / (1 + batchesBefore(this.numBatchesTracked!))) : 1);
    if (tracking) this.numBatchesTracked!.add_(1);
    return batchNorm(x, runningMean, runningVar, this.weight, this.bias, {
      training: this.training || runningMean === null,
      momentum,
      eps: this.eps,
    });
  }

  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    return `${this.features}, eps=${showNumber(this.eps)}, momentum=${this.momentum ?? "None"}, ` +
      `affine=${showFlag(this.weight !== null)}, bias=${showFlag(this.bias !== null)}, ` +
      `track_running_stats=${showFlag(this.runningMean !== null)}`;
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    const { features, eps, momentum } = this;
    return [features, {
      eps,
      momentum,
      affine: this.weight !== null,
      bias: this.bias !== null,
      trackRunningStats: this.runningMean !== null,
    }];
  }
}

/** Batch-norm of [n, c] or [n, c, l]; see {@linkcode BatchNorm}. */
export class BatchNorm1d extends BatchNorm {
  /** Whether an input of so many axes will do. */
  protected override accepts(ndim: number): boolean {
    return ndim === 2 || ndim === 3;
  }
}

/** Batch-norm of [n, c, h, w]; see {@linkcode BatchNorm}. */
export class BatchNorm2d extends BatchNorm {
  /** Whether an input of so many axes will do. */
  protected override accepts(ndim: number): boolean {
    return ndim === 4;
  }
}

/** Batch-norm of [n, c, d, h, w]; see {@linkcode BatchNorm}. */
export class BatchNorm3d extends BatchNorm {
  /** Whether an input of so many axes will do. */
  protected override accepts(ndim: number): boolean {
    return ndim === 5;
  }
}
