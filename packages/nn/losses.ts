/** Losses as modules. */
import {
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  crossEntropy,
  huberLoss,
  klDiv,
  l1Loss,
  mseLoss,
  nllLoss,
  smoothL1Loss,
  type Tensor,
} from "@troodon/core";
import { given, keepGiven } from "./given_tensors.ts";
import { checkSurplus, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { Module } from "./module.ts";

/** How the losses of the elements become one: their mean, their sum, or not at all. */
export type Reduction = "mean" | "sum" | "none";

/** Options of all losses. */
export interface LossOptions {
  /** "mean" by default. */
  readonly reduction?: Reduction;
}
const LOSS_OPTIONS: OptionKeys<LossOptions> = { reduction: true };

/** A loss: a module of a prediction and a target. */
export abstract class Loss<
  Inputs extends readonly unknown[] = [prediction: Tensor, target: Tensor],
> extends Module<Inputs> {
  /** How the losses of the elements become one. */
  readonly reduction: Reduction;

  /** Their mean by default. */
  constructor(options?: LossOptions) {
    const { reduction = "mean" } = readOptions(new.target.name, options, LOSS_OPTIONS);
    super();
    this.reduction = reduction;
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [{ reduction: this.reduction }];
  }
}

/** (prediction - target)^2. Shapes are equal. */
export class MSELoss extends Loss {
  /** The loss of `prediction` where `target` is right. */
  override forward(prediction: Tensor, target: Tensor): Tensor {
    return mseLoss(prediction, target, { reduction: this.reduction });
  }
}

/** |prediction - target|. Shapes are equal. */
export class L1Loss extends Loss {
  /** The loss of `prediction` where `target` is right. */
  override forward(prediction: Tensor, target: Tensor): Tensor {
    return l1Loss(prediction, target, { reduction: this.reduction });
  }
}

const SMOOTH_L1_LOSS_OPTIONS: OptionKeys<LossOptions & { readonly beta?: number }> = {
  reduction: true,
  beta: true,
};

/** A parabola within `beta` of the target, lines outside (Girshick 2015, arXiv:1504.08083). */
export class SmoothL1Loss extends Loss {
  /** Half the width of the parabola. */
  readonly beta: number;

  /** `beta` 1 by default. */
  constructor(options?: LossOptions & { readonly beta?: number }) {
    checkSurplus(new.target.name, arguments, 1);
    const { beta = 1, ...rest } = readOptions(new.target.name, options, SMOOTH_L1_LOSS_OPTIONS);
    super(rest);
    this.beta = beta;
  }

  /** The loss of `prediction` where `target` is right. */
  override forward(prediction: Tensor, target: Tensor): Tensor {
    return smoothL1Loss(prediction, target, { reduction: this.reduction, beta: this.beta });
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [{ reduction: this.reduction, beta: this.beta }];
  }
}

const HUBER_LOSS_OPTIONS: OptionKeys<LossOptions & { readonly delta?: number }> = {
  reduction: true,
  delta: true,
};

/** A parabola within `delta` of the target, lines of slope `delta` outside (Huber 1964). */
export class HuberLoss extends Loss {
  /** Half the width of the parabola. */
  readonly delta: number;

  /** `delta` 1 by default. */
  constructor(options?: LossOptions & { readonly delta?: number }) {
    checkSurplus(new.target.name, arguments, 1);
    const { delta = 1, ...rest } = readOptions(new.target.name, options, HUBER_LOSS_OPTIONS);
    super(rest);
    this.delta = delta;
  }

  /** The loss of `prediction` where `target` is right. */
  override forward(prediction: Tensor, target: Tensor): Tensor {
    return huberLoss(prediction, target, { reduction: this.reduction, delta: this.delta });
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [{ reduction: this.reduction, delta: this.delta }];
  }
}

/** Options of {@linkcode BCELoss} and `MultiLabelSoftMarginLoss`. */
export interface WeightedLossOptions extends LossOptions {
  /** Weight of each element, broadcast. */
  readonly weight?: Tensor;
}
const WEIGHTED_LOSS_OPTIONS: OptionKeys<WeightedLossOptions> = { weight: true, reduction: true };

/** Binary cross-entropy of probabilities. Shapes are equal. */
export class BCELoss extends Loss {
  /** Weight of each element, broadcast; or null. */
  readonly weight: Tensor | null;

  /** All elements weigh the same by default. */
  constructor(options?: WeightedLossOptions) {
    checkSurplus(new.target.name, arguments, 1);
    const { weight, ...rest } = readOptions(new.target.name, options, WEIGHTED_LOSS_OPTIONS);
    super(rest);
    this.weight = weight ?? null;
    keepGiven(this, "weight");
  }

  /** The loss of `prediction`, from 0 to 1, where `target`, from 0 to 1, is right. */
  override forward(prediction: Tensor, target: Tensor): Tensor {
    const { reduction, weight } = this;
    return binaryCrossEntropy(prediction, target, { reduction, weight });
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [{ reduction: this.reduction, ...given({ weight: this.weight }) }];
  }
}

const BCE_WITH_LOGITS_LOSS_OPTIONS: OptionKeys<WeightedLossOptions & { readonly posWeight?: Tensor }> = {
  weight: true,
  reduction: true,
  posWeight: true,
};

/** Binary cross-entropy of logits: a sigmoid and {@linkcode BCELoss} in one, without their overflow. */
export class BCEWithLogitsLoss extends Loss {
  /** Weight of each element, broadcast; or null. */
  readonly weight: Tensor | null;
  /** Weight of the positive cases, broadcast; or null. */
  readonly posWeight: Tensor | null;

  /** Positive cases weigh as negative ones by default. */
  constructor(options?: WeightedLossOptions & { readonly posWeight?: Tensor }) {
    checkSurplus(new.target.name, arguments, 1);
    const { weight, posWeight, ...rest } = readOptions(
      new.target.name,
      options,
      BCE_WITH_LOGITS_LOSS_OPTIONS,
    );
    super(rest);
    this.weight = weight ?? null;
    this.posWeight = posWeight ?? null;
    keepGiven(this, "weight", "posWeight");
  }

  /** The loss of the logits `prediction` where `target`, from 0 to 1, is right. */
  override forward(prediction: Tensor, target: Tensor): Tensor {
    const { reduction, weight, posWeight } = this;
    return binaryCrossEntropyWithLogits(prediction, target, { reduction, weight, posWeight });
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    const { reduction, weight, posWeight } = this;
    return [{ reduction, ...given({ weight, posWeight }) }];
  }
}

/** Options of {@linkcode NLLLoss}. */
export interface ClassLossOptions extends LossOptions {
  /** Weight of each class, [classes]. */
  readonly weight?: Tensor;
  /** A class that does not count; -100 by default. */
  readonly ignoreIndex?: number;
}
const CLASS_LOSS_OPTIONS: OptionKeys<ClassLossOptions> = { weight: true, ignoreIndex: true, reduction: true };

/** Minus the log-probability of the right class: prediction [n, classes, ...] of log-probabilities, target [n, ...] of int32. */
export class NLLLoss extends Loss {
  /** Weight of each class, or null. */
  readonly weight: Tensor | null;
  /** A class that does not count. */
  readonly ignoreIndex: number;

  /** All classes weigh the same by default. */
  constructor(options?: ClassLossOptions) {
    checkSurplus(new.target.name, arguments, 1);
    const { weight, ignoreIndex = -100, ...rest } = readOptions(new.target.name, options, CLASS_LOSS_OPTIONS);
    super(rest);
    this.weight = weight ?? null;
    keepGiven(this, "weight");
    this.ignoreIndex = ignoreIndex;
  }

  /** The loss of `prediction` where the classes of `target` are right. */
  override forward(prediction: Tensor, target: Tensor): Tensor {
    const { reduction, weight, ignoreIndex } = this;
    return nllLoss(prediction, target, { reduction, ignoreIndex, ...(weight && { weight }) });
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    const { reduction, weight, ignoreIndex } = this;
    return [{ reduction, ignoreIndex, ...given({ weight }) }];
  }
}

/** Options of {@linkcode CrossEntropyLoss}. */
export interface CrossEntropyLossOptions extends ClassLossOptions {
  /** Share of each target that is spread over all classes; 0 by default. */
  readonly labelSmoothing?: number;
}
const CROSS_ENTROPY_LOSS_OPTIONS: OptionKeys<CrossEntropyLossOptions> = {
  weight: true,
  ignoreIndex: true,
  reduction: true,
  labelSmoothing: true,
};

/**
 * Cross-entropy of logits: a softmax, its logarithm and {@linkcode NLLLoss} in
 * one. Prediction [n, classes, ...], target [n, ...] of int32, or probabilities
 * of the prediction's shape.
 */
export class CrossEntropyLoss extends NLLLoss {
  /** Share of each target that is spread over all classes. */
  readonly labelSmoothing: number;

  /** No smoothing by default. */
  constructor(options?: CrossEntropyLossOptions) {
    checkSurplus(new.target.name, arguments, 1);
    const { labelSmoothing = 0, ...rest } = readOptions(new.target.name, options, CROSS_ENTROPY_LOSS_OPTIONS);
    super(rest);
    this.labelSmoothing = labelSmoothing;
  }

  /** The loss of the logits `prediction` where `target` is right. */
  override forward(prediction: Tensor, target: Tensor): Tensor {
    const { reduction, weight, ignoreIndex, labelSmoothing } = this;
    return crossEntropy(prediction, target, {
      reduction,
      ignoreIndex,
      labelSmoothing,
      ...(weight && { weight }),
    });
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    const { reduction, weight, ignoreIndex, labelSmoothing } = this;
    return [{ reduction, ignoreIndex, labelSmoothing, ...given({ weight }) }];
  }
}

/** Options of {@linkcode KLDivLoss}. */
export interface KLDivLossOptions {
  /** "batchmean" divides the sum by the extent of axis 0; "mean" by default. */
  readonly reduction?: Reduction | "batchmean";
  /** Whether targets are log-probabilities, too; false by default. */
  readonly logTarget?: boolean;
}
const KL_DIV_LOSS_OPTIONS: OptionKeys<KLDivLossOptions> = { reduction: true, logTarget: true };

/**
 * The divergence of Kullback and Leibler, target (log target - prediction), prediction being log-probabilities.
 * "mean" divides by the number of elements, as PyTorch has it.
 */
export class KLDivLoss extends Module<[prediction: Tensor, target: Tensor]> {
  /** How the losses of the elements become one. */
  readonly reduction: Reduction | "batchmean";
  /** Whether targets are log-probabilities, too. */
  readonly logTarget: boolean;

  /** Their mean by default. */
  constructor(options?: KLDivLossOptions) {
    checkSurplus(new.target.name, arguments, 1);
    const { reduction = "mean", logTarget = false } = readOptions(
      new.target.name,
      options,
      KL_DIV_LOSS_OPTIONS,
    );
    super();
    this.reduction = reduction;
    this.logTarget = logTarget;
  }

  /** The loss of `prediction` where `target` is right. */
  override forward(prediction: Tensor, target: Tensor): Tensor {
    const { reduction, logTarget } = this;
    return klDiv(prediction, target, { reduction, logTarget });
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [{ reduction: this.reduction, logTarget: this.logTarget }];
  }
}
