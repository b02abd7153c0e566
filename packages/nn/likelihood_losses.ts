/** Losses that are minus a log-likelihood, as modules. */
import { ctcLoss, gaussianNllLoss, poissonNllLoss, type Tensor } from "@troodon/core";
import { checkSurplus, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { Loss, type LossOptions } from "./losses.ts";

/** Options of {@linkcode PoissonNLLLoss}. */
export interface PoissonNLLLossOptions extends LossOptions {
  /** Whether predictions are logarithms of rates; true by default. */
  readonly logInput?: boolean;
  /** Adds Stirling's approximation of log(target!) where the target is above 1 (default false). */
  readonly full?: boolean;
  /** Added to rates that are no logarithms; 1e-8 by default. */
  readonly eps?: number;
}
const POISSON_NLL_LOSS_OPTIONS: OptionKeys<PoissonNLLLossOptions> = {
  logInput: true,
  full: true,
  eps: true,
  reduction: true,
};

/** Of counts with the Poisson distribution: exp(prediction) - target * prediction. Shapes are equal. */
export class PoissonNLLLoss extends Loss {
  /** The options of the op. */
  protected readonly options: Required<Pick<PoissonNLLLossOptions, "logInput" | "full" | "eps">>;

  /** Logarithms of rates by default. */
  constructor(options?: PoissonNLLLossOptions) {
    checkSurplus(new.target.name, arguments, 1);
    const { logInput = true, full = false, eps = 1e-8, ...rest } = readOptions(
      new.target.name,
      options,
      POISSON_NLL_LOSS_OPTIONS,
    );
    super(rest);
    this.options = { logInput, full, eps };
  }

  /** The loss of `prediction` where the counts `target` were seen. */
  override forward(prediction: Tensor, target: Tensor): Tensor {
    return poissonNllLoss(prediction, target, { reduction: this.reduction, ...this.options });
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [{ reduction: this.reduction, ...this.options }];
  }
}

/** Options of {@linkcode GaussianNLLLoss}. */
export interface GaussianNLLLossOptions extends LossOptions {
  /** Whether the constant log(2 pi) / 2 is added; false by default. */
  readonly full?: boolean;
  /** The least that variances count as; 1e-6 by default. */
  readonly eps?: number;
}
const GAUSSIAN_NLL_LOSS_OPTIONS: OptionKeys<GaussianNLLLossOptions> = {
  full: true,
  eps: true,
  reduction: true,
};

/** Of numbers with normal distributions: (log variance + (prediction - target)^2 / variance) / 2. Shapes are equal. */
export class GaussianNLLLoss extends Loss<[prediction: Tensor, target: Tensor, variance: Tensor]> {
  /** The options of the op. */
  protected readonly options: Required<Pick<GaussianNLLLossOptions, "full" | "eps">>;

  /** Without the constant by default. */
  constructor(options?: GaussianNLLLossOptions) {
    checkSurplus(new.target.name, arguments, 1);
    const { full = false, eps = 1e-6, ...rest } = readOptions(
      new.target.name,
      options,
      GAUSSIAN_NLL_LOSS_OPTIONS,
    );
    super(rest);
    this.options = { full, eps };
  }

  /** The loss of `prediction` with `variance` where `target` was seen. */
  override forward(prediction: Tensor, target: Tensor, variance: Tensor): Tensor {
    return gaussianNllLoss(prediction, target, variance, { reduction: this.reduction, ...this.options });
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [{ reduction: this.reduction, ...this.options }];
  }
}

/** Options of {@linkcode CTCLoss}. */
export interface CTCLossOptions extends LossOptions {
  /** The class that stands for no label; 0 by default. */
  readonly blank?: number;
  /** Whether infinite losses, where labels do not fit into their input, are 0; false by default. */
  readonly zeroInfinity?: boolean;
}
const CTC_LOSS_OPTIONS: OptionKeys<CTCLossOptions> = { blank: true, reduction: true, zeroInfinity: true };

/** Of labels that are not aligned with their input (Graves et al. 2006, doi:10.1145/1143844.1143891); see {@linkcode ctcLoss}. */
export class CTCLoss extends Loss<
  [
    logProbs: Tensor,
    targets: Tensor,
    inputLengths: Tensor | readonly number[],
    targetLengths: Tensor | readonly number[],
  ]
> {
  /** The options of the op. */
  protected readonly options: Required<Pick<CTCLossOptions, "blank" | "zeroInfinity">>;

  /** Class 0 is blank by default. */
  constructor(options?: CTCLossOptions) {
    checkSurplus(new.target.name, arguments, 1);
    const { blank = 0, zeroInfinity = false, ...rest } = readOptions(
      new.target.name,
      options,
      CTC_LOSS_OPTIONS,
    );
    super(rest);
    this.options = { blank, zeroInfinity };
  }

  /**
   * The loss.
   *
   * @param logProbs Log-probabilities [time, n, classes] or [time, classes].
   * @param targets Labels, [n, s] or one after another, int32.
   * @param inputLengths How much of each input counts, [n].
   * @param targetLengths How many labels there are of each, [n].
   */
  override forward(
    logProbs: Tensor,
    targets: Tensor,
    inputLengths: Tensor | readonly number[],
    targetLengths: Tensor | readonly number[],
  ): Tensor {
    const { reduction } = this;
    return ctcLoss(logProbs, targets, inputLengths, targetLengths, { reduction, ...this.options });
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [{ reduction: this.reduction, ...this.options }];
  }
}
