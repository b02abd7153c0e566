/** Normalization of channels of each sample. */
import { batchNorm, groupNorm, instanceNorm, localResponseNorm, type Tensor, tidySync } from "@troodon/core";
import {
  checkSurplus,
  type OptionKeys,
  readOptions,
  showFlag,
  showFloat,
  showNumber,
  showShape,
} from "@troodon/core/kernel";
import { noGrad } from "@troodon/autograd";
import { ones_, zeros_ } from "../init.ts";
import { checkExtents, checkNumbers } from "../check_numbers.ts";
import { Module } from "../module.ts";
import type { Parameter } from "../parameter.ts";
import { BATCH_NORM_OPTIONS, BatchNorm, type BatchNormOptions } from "./batch_norm.ts";
import { emptyParameter, type LayerOptions } from "./linear.ts";

/** Options of {@linkcode GroupNorm}. */
export interface GroupNormOptions extends LayerOptions {
  /** Added to the variance; 1e-5 by default. */
  readonly eps?: number;
  /** Whether scale and shift are learnt; true by default. */
  readonly affine?: boolean;
  /** Adds a learned bias to the scale (default true). */
  readonly bias?: boolean;
}
const GROUP_NORM_OPTIONS: OptionKeys<GroupNormOptions> = {
  eps: true,
  affine: true,
  bias: true,
  device: true,
  dtype: true,
};

/** Each group of channels of each sample brought to mean 0 and deviation 1 (Wu and He 2018, arXiv:1803.08494). */
export class GroupNorm extends Module {
  /** [numChannels], or null. */
  weight: Parameter | null;
  /** [numChannels], or null. */
  bias: Parameter | null;
  /** Number of groups. */
  readonly numGroups: number;
  /** Number of channels. */
  protected readonly channels: number;
  /** Added to the variance. */
  protected readonly eps: number;

  /**
   * Scale 1, shift 0.
   *
   * @throws {RangeError} If `numGroups` does not divide the number of channels.
   */
  constructor(numGroups: number, numChannels: number, options: GroupNormOptions = {}) {
    checkSurplus(new.target.name, arguments, 3);
    checkExtents(new.target.name, { numGroups, numChannels });
    options = readOptions(new.target.name, options, GROUP_NORM_OPTIONS);
    super();
    const { eps = 1e-5, affine = true, bias = true } = options;
    if (!Number.isInteger(numChannels / numGroups)) {
      throw new RangeError(
        `Cannot make GroupNorm as numGroups must divide numChannels: current numbers are ${numGroups} and ${numChannels}`,
      );
    }
    this.numGroups = numGroups;
    this.channels = numChannels;
    this.eps = eps;
    this.weight = affine ? emptyParameter([numChannels], options) : null;
    this.bias = affine && bias ? emptyParameter([numChannels], options) : null;
    if (this.weight) ones_(this.weight);
    if (this.bias) zeros_(this.bias);
  }

  /**
   * Applies the layer.
   *
   * @param x [n, numChannels, ...]
   */
  override forward(x: Tensor): Tensor {
    return groupNorm(x, this.numGroups, this.weight, this.bias, { eps: this.eps });
  }

  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    return `${this.numGroups}, ${this.channels}, eps=${showNumber(this.eps)}, ` +
      `affine=${showFlag(this.weight !== null)}, bias=${showFlag(this.bias !== null)}`;
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [this.numGroups, this.channels, {
      eps: this.eps,
      affine: this.weight !== null,
      bias: this.bias !== null,
    }];
  }
}

/**
 * Each channel of each sample brought to mean 0 and deviation 1 (Ulyanov et al. 2016, arXiv:1607.08022); by the
 * running statistics, if they are kept, when not training. The base of the variants by dimension.
 */
export abstract class InstanceNorm extends BatchNorm {
  /** Neither affine nor with running statistics by default. */
  constructor(numFeatures: number, options: BatchNormOptions = {}) {
    options = readOptions(new.target.name, options, BATCH_NORM_OPTIONS);
    super(numFeatures, { affine: false, trackRunningStats: false, ...options });
  }

  /**
   * Applies the layer.
   *
   * @param x [n, numFeatures, ...] or [numFeatures, ...]
   */
  override forward(x: Tensor): Tensor {
    if (this.accepts(x.ndim + 1)) {
      return tidySync(() => this.forward(x.unsqueeze(0)).squeeze(0));
    }
    if (!this.accepts(x.ndim) || x.shape[1] !== this.features) {
      throw new RangeError(
        `Cannot apply ${this.constructor.name} as the input must have ${this.features} channels and the right number ` +
          `of axes: current shape is ${showShape(x.shape)}`,
      );
    }
    const { runningMean, runningVar, weight, bias, eps } = this;
    if (runningMean === null || runningVar === null) return instanceNorm(x, weight, bias, { eps });
    if (!this.training) return batchNorm(x, runningMean, runningVar, weight, bias, { eps });
    this.track(x, runningMean, runningVar);
    return instanceNorm(x, weight, bias, { eps });
  }

  /** Moves the running statistics toward the means of those of the samples. */
  protected track(x: Tensor, mean: Tensor, variance: Tensor): void {
    using _ = noGrad();
    const [n, c, ...rest] = x.shape as [number, number, ...number[]];
    // As PyTorch has it: batches are not counted, and without a momentum nothing moves.
    const options = { training: true, momentum: this.momentum ?? 0, eps: this.eps };
    tidySync(() => {
      const means = mean.repeat([n]), variances = variance.repeat([n]);
      batchNorm(x.reshape([1, n * c, ...rest]), means, variances, null, null, options);
      mean.copy_(means.reshape([n, c]).mean(0));
      variance.copy_(variances.reshape([n, c]).mean(0));
    });
  }
}

/** Instance-norm of [n, c, l] or [c, l]; see {@linkcode InstanceNorm}. */
export class InstanceNorm1d extends InstanceNorm {
  /** Whether an input of so many axes will do. */
  protected override accepts(ndim: number): boolean {
    return ndim === 3;
  }
}

/** Instance-norm of [n, c, h, w] or [c, h, w]; see {@linkcode InstanceNorm}. */
export class InstanceNorm2d extends InstanceNorm {
  /** Whether an input of so many axes will do. */
  protected override accepts(ndim: number): boolean {
    return ndim === 4;
  }
}

/** Instance-norm of [n, c, d, h, w] or [c, d, h, w]; see {@linkcode InstanceNorm}. */
export class InstanceNorm3d extends InstanceNorm {
  /** Whether an input of so many axes will do. */
  protected override accepts(ndim: number): boolean {
    return ndim === 5;
  }
}

/** Options of {@linkcode LocalResponseNorm}. */
export interface LocalResponseNormModuleOptions {
  /** Factor of the mean square; 1e-4 by default. */
  readonly alpha?: number;
  /** Exponent; 3 / 4 by default. */
  readonly beta?: number;
  /** Added to the mean square; 1 by default. */
  readonly k?: number;
}
const LOCAL_RESPONSE_NORM_MODULE_OPTIONS: OptionKeys<LocalResponseNormModuleOptions> = {
  alpha: true,
  beta: true,
  k: true,
};

/** Each element divided by a power of the mean square of so many neighboring channels (Krizhevsky et al. 2012). */
export class LocalResponseNorm extends Module {
  /** Number of channels. */
  readonly size: number;
  /** The options of the op. */
  protected readonly options: Required<LocalResponseNormModuleOptions>;

  /** Takes the number of channels. */
  constructor(size: number, options?: LocalResponseNormModuleOptions) {
    checkSurplus(new.target.name, arguments, 2);
    checkNumbers(new.target.name, { size });
    const { alpha = 1e-4, beta = 0.75, k = 1 } = readOptions(
      new.target.name,
      options,
      LOCAL_RESPONSE_NORM_MODULE_OPTIONS,
    );
    super();
    this.size = size;
    this.options = { alpha, beta, k };
  }

  /**
   * Applies the layer.
   *
   * @param x [n, c, ...]
   */
  override forward(x: Tensor): Tensor {
    return localResponseNorm(x, this.size, this.options);
  }

  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    const { alpha, beta, k } = this.options;
    return `${this.size}, alpha=${showFloat(alpha)}, beta=${showFloat(beta)}, k=${showFloat(k)}`;
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [this.size, this.options];
  }
}
