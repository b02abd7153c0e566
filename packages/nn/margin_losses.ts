/** Losses that want a margin, as modules. */
import {
  cosineEmbeddingLoss,
  hingeEmbeddingLoss,
  marginRankingLoss,
  multilabelMarginLoss,
  multilabelSoftMarginLoss,
  multiMarginLoss,
  softMarginLoss,
  type Tensor,
  tripletMarginLoss,
  tripletMarginWithDistanceLoss,
} from "@troodon/core";
import { given, keepGiven } from "./given_tensors.ts";
import { checkSurplus, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { PairwiseDistance } from "./layers/distance.ts";
import { Loss, type LossOptions, type WeightedLossOptions } from "./losses.ts";
import { Module } from "./module.ts";

/** Options of losses with a margin. */
export interface MarginOptions extends LossOptions {
  /** How far apart things have to be. */
  readonly margin?: number;
}
const MARGIN_OPTIONS: OptionKeys<MarginOptions> = { margin: true, reduction: true };

/** A loss with a margin. */
export abstract class MarginLoss<Inputs extends readonly unknown[] = [prediction: Tensor, target: Tensor]>
  extends Loss<Inputs> {
  /** How far apart things have to be. */
  readonly margin: number;

  /** Takes the margin that is meant if none is given. */
  constructor({ margin, ...rest }: MarginOptions, usual: number) {
    super(rest);
    this.margin = margin ?? usual;
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [{ reduction: this.reduction, margin: this.margin }];
  }
}

/** log(1 + exp(-target * prediction)), target being -1 or 1. Shapes are equal. */
export class SoftMarginLoss extends Loss {
  /** The loss of `prediction` where `target` is right. */
  override forward(prediction: Tensor, target: Tensor): Tensor {
    return softMarginLoss(prediction, target, { reduction: this.reduction });
  }
}

const WEIGHTED_LOSS_OPTIONS: OptionKeys<WeightedLossOptions> = { weight: true, reduction: true };

/** The mean over classes of binary cross-entropy of logits. Shapes are [n, classes]. */
export class MultiLabelSoftMarginLoss extends Loss {
  /** Weight of each class, or null. */
  readonly weight: Tensor | null;

  /** Creates a loss in which all classes weigh the same by default. */
  constructor(options?: WeightedLossOptions) {
    checkSurplus(new.target.name, arguments, 1);
    const { weight, ...rest } = readOptions(new.target.name, options, WEIGHTED_LOSS_OPTIONS);
    super(rest);
    this.weight = weight ?? null;
    keepGiven(this, "weight");
  }

  /** The loss of `prediction` where `target`, of 0 and 1, is right. */
  override forward(prediction: Tensor, target: Tensor): Tensor {
    const { reduction, weight } = this;
    return multilabelSoftMarginLoss(prediction, target, { reduction, weight });
  }

  /** Returns the constructor arguments that recreate this module. */
  override describe(): readonly unknown[] {
    return [{ reduction: this.reduction, ...given({ weight: this.weight }) }];
  }
}

/** The prediction where target is 1, max(0, margin - prediction) where it is -1. Shapes are equal. */
export class HingeEmbeddingLoss extends MarginLoss {
  /** Margin 1 by default. */
  constructor(options: MarginOptions = {}) {
    checkSurplus(new.target.name, arguments, 1);
    options = readOptions(new.target.name, options, MARGIN_OPTIONS);
    super(options, 1);
  }

  /** The loss of the distances `prediction` of pairs that are alike (1) or not (-1). */
  override forward(prediction: Tensor, target: Tensor): Tensor {
    const { reduction, margin } = this;
    return hingeEmbeddingLoss(prediction, target, { reduction, margin });
  }
}

/** max(0, margin - target (a - b)). Shapes are equal. */
export class MarginRankingLoss extends MarginLoss<[a: Tensor, b: Tensor, target: Tensor]> {
  /** Margin 0 by default. */
  constructor(options: MarginOptions = {}) {
    checkSurplus(new.target.name, arguments, 1);
    options = readOptions(new.target.name, options, MARGIN_OPTIONS);
    super(options, 0);
  }

  /** The loss where `a` has to be above `b` (1) or below it (-1). */
  override forward(a: Tensor, b: Tensor, target: Tensor): Tensor {
    const { reduction, margin } = this;
    return marginRankingLoss(a, b, target, { reduction, margin });
  }
}

/** 1 - cos where target is 1, max(0, cos - margin) where it is -1. Inputs [n, d], target [n]. */
export class CosineEmbeddingLoss extends MarginLoss<[a: Tensor, b: Tensor, target: Tensor]> {
  /** Margin 0 by default. */
  constructor(options: MarginOptions = {}) {
    checkSurplus(new.target.name, arguments, 1);
    options = readOptions(new.target.name, options, MARGIN_OPTIONS);
    super(options, 0);
  }

  /** The loss where the vectors of `a` and `b` are alike (1) or not (-1). */
  override forward(a: Tensor, b: Tensor, target: Tensor): Tensor {
    const { reduction, margin } = this;
    return cosineEmbeddingLoss(a, b, target, { reduction, margin });
  }
}

/** Options of {@linkcode TripletMarginLoss}. */
export interface TripletMarginOptions extends MarginOptions {
  /** The exponent of the distance; 2 by default. */
  readonly p?: number;
  /** Added to differences; 1e-6 by default. */
  readonly eps?: number;
  /** Whether the distance of positive and negative counts where it is the smaller one; false by default. */
  readonly swap?: boolean;
}
const TRIPLET_MARGIN_OPTIONS: OptionKeys<TripletMarginOptions> = {
  margin: true,
  p: true,
  eps: true,
  swap: true,
  reduction: true,
};

/** max(0, |anchor - positive| - |anchor - negative| + margin) (Balntas et al. 2016). Inputs [n, d]. */
export class TripletMarginLoss extends MarginLoss<[anchor: Tensor, positive: Tensor, negative: Tensor]> {
  /** The options of the distance. */
  protected readonly distance: Pick<TripletMarginOptions, "p" | "eps" | "swap">;

  /** Margin 1 by default. */
  constructor(options?: TripletMarginOptions) {
    checkSurplus(new.target.name, arguments, 1);
    const { p = 2, eps = 1e-6, swap = false, ...rest } = readOptions(
      new.target.name,
      options,
      TRIPLET_MARGIN_OPTIONS,
    );
    super(rest, 1);
    this.distance = { p, eps, swap };
  }

  /** The loss where `anchor` is to be closer to `positive` than to `negative`. */
  override forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    const { reduction, margin } = this;
    return tripletMarginLoss(anchor, positive, negative, { reduction, margin, ...this.distance });
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [{ reduction: this.reduction, margin: this.margin, ...this.distance }];
  }
}

/** Options of {@linkcode TripletMarginWithDistanceLoss}. */
export interface TripletMarginWithDistanceOptions extends MarginOptions {
  /** How far two tensors are from each other, a module or a function; {@linkcode PairwiseDistance} by default. */
  readonly distanceFunction?: Module<[a: Tensor, b: Tensor]> | ((a: Tensor, b: Tensor) => Tensor);
  /** Whether the distance of positive and negative counts where it is the smaller one; false by default. */
  readonly swap?: boolean;
}
const TRIPLET_MARGIN_WITH_DISTANCE_OPTIONS: OptionKeys<TripletMarginWithDistanceOptions> = {
  distanceFunction: true,
  margin: true,
  swap: true,
  reduction: true,
};

/** {@linkcode TripletMarginLoss} with distances of any kind. */
export class TripletMarginWithDistanceLoss
  extends MarginLoss<[anchor: Tensor, positive: Tensor, negative: Tensor]> {
  /** How far two tensors are from each other. */
  readonly distanceFunction: Module<[a: Tensor, b: Tensor]> | ((a: Tensor, b: Tensor) => Tensor);
  /** Whether the distance of positive and negative counts where it is the smaller one. */
  readonly swap: boolean;

  /** Margin 1 and Euclidean distances by default. */
  constructor(options?: TripletMarginWithDistanceOptions) {
    checkSurplus(new.target.name, arguments, 1);
    const { distanceFunction, swap = false, ...rest } = readOptions(
      new.target.name,
      options,
      TRIPLET_MARGIN_WITH_DISTANCE_OPTIONS,
    );
    super(rest, 1);
    this.distanceFunction = distanceFunction ?? new PairwiseDistance();
    this.swap = swap;
  }

  /** The loss where `anchor` is to be closer to `positive` than to `negative`. */
  override forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    const { reduction, margin, swap, distanceFunction: given } = this;
    const distanceFunction = given instanceof Module ? (a: Tensor, b: Tensor) => given(a, b) : given;
    return tripletMarginWithDistanceLoss(anchor, positive, negative, {
      reduction,
      margin,
      swap,
      distanceFunction,
    });
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    const { reduction, margin, distanceFunction, swap } = this;
    return [{ reduction, margin, distanceFunction, swap }];
  }
}

/** The sum over right and wrong classes of max(0, 1 - right + wrong) / classes. Shapes are [n, classes]. */
export class MultiLabelMarginLoss extends Loss {
  /** The loss of `prediction` where the classes of `target`, int32 up to the first negative one, are right. */
  override forward(prediction: Tensor, target: Tensor): Tensor {
    return multilabelMarginLoss(prediction, target, { reduction: this.reduction });
  }
}

/** Options of {@linkcode MultiMarginLoss}. */
export interface MultiMarginOptions extends MarginOptions {
  /** The exponent, 1 or 2; 1 by default. */
  readonly p?: number;
  /** Weight of each class, [classes]. */
  readonly weight?: Tensor;
}
const MULTI_MARGIN_OPTIONS: OptionKeys<MultiMarginOptions> = {
  p: true,
  margin: true,
  weight: true,
  reduction: true,
};

/** The mean over the other classes of max(0, margin - right + other)^p. Prediction [n, classes], target [n] of int32. */
export class MultiMarginLoss extends MarginLoss {
  /** The exponent. */
  readonly p: number;
  /** Weight of each class, or null. */
  readonly weight: Tensor | null;

  /** Margin 1 by default. */
  constructor(options?: MultiMarginOptions) {
    checkSurplus(new.target.name, arguments, 1);
    const { p = 1, weight, ...rest } = readOptions(new.target.name, options, MULTI_MARGIN_OPTIONS);
    super(rest, 1);
    this.p = p;
    this.weight = weight ?? null;
    keepGiven(this, "weight");
  }

  /** The loss of `prediction` where the classes of `target` are right. */
  override forward(prediction: Tensor, target: Tensor): Tensor {
    const { reduction, margin, p, weight } = this;
    return multiMarginLoss(prediction, target, { reduction, margin, p, weight });
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    const { reduction, margin, p, weight } = this;
    return [{ reduction, margin, p, ...given({ weight }) }];
  }
}
