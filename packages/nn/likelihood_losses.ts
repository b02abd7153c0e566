/** Losses that are minus a log-likelihood, as modules. */
import { ctcLoss, gaussianNllLoss, poissonNllLoss, type Tensor } from "@troodon/core";
import { Loss, type LossOptions } from "./losses.ts";

/** Options of {@linkcode PoissonNLLLoss}. */
export interface PoissonNLLLossOptions extends LossOptions {
  /** Whether predictions are logarithms of rates; true by default. */
  readonly logInput?: boolean;
  /** Added to rates that are no logarithms; 1e-8 by default. */
  readonly eps?: number;
}

/** Of counts with the Poisson distribution: exp(prediction) - target * prediction. Shapes are equal. */
export class PoissonNLLLoss extends Loss {
  /** The options of the op. */
  protected readonly options: Required<Pick<PoissonNLLLossOptions, "logInput" | "eps">>;

  /** Logarithms of rates by default. */
  constructor({ logInput = true, eps = 1e-8, ...options }: PoissonNLLLossOptions = {}) {
    super(options);
    this.options = { logInput, eps };
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

/** Of numbers with normal distributions: (log variance + (prediction - target)^2 / variance) / 2. Shapes are equal. */
export class GaussianNLLLoss extends Loss<[prediction: Tensor, target: Tensor, variance: Tensor]> {
  /** The options of the op. */
  protected readonly options: Required<Pick<GaussianNLLLossOptions, "full" | "eps">>;

  /** Without the constant by default. */
  constructor({ full = false, eps = 1e-6, ...options }: GaussianNLLLossOptions = {}) {
    super(options);
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
  constructor({ blank = 0, zeroInfinity = false, ...options }: CTCLossOptions = {}) {
    super(options);
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
