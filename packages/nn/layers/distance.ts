/** How far vectors are from each other. */
import { cosineSimilarity, pairwiseDistance, type Tensor } from "@troodon/core";
import { checkSurplus, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { Module } from "../module.ts";

/** Options of {@linkcode CosineSimilarity}. */
export interface CosineSimilarityModuleOptions {
  /** The axis of the vectors; 1 by default. */
  readonly dim?: number;
  /** The least that norms count as; 1e-8 by default. */
  readonly eps?: number;
}
const COSINE_SIMILARITY_MODULE_OPTIONS: OptionKeys<CosineSimilarityModuleOptions> = { dim: true, eps: true };

/** The cosine of the angle between vectors: inputs of one shape, output without `dim`. */
export class CosineSimilarity extends Module {
  /** The options of the op. */
  protected readonly options: CosineSimilarityModuleOptions;

  /** Axis 1 by default. */
  constructor(options: CosineSimilarityModuleOptions = {}) {
    checkSurplus(new.target.name, arguments, 1);
    options = readOptions(new.target.name, options, COSINE_SIMILARITY_MODULE_OPTIONS);
    super();
    this.options = options;
  }

  /** The cosine of the angle between the vectors of `a` and those of `b`. */
  override forward(a: Tensor, b: Tensor): Tensor {
    return cosineSimilarity(a, b, this.options);
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [this.options];
  }
}

/** Options of {@linkcode PairwiseDistance}. */
export interface PairwiseDistanceModuleOptions {
  /** The exponent; 2 by default. */
  readonly p?: number;
  /** Added to the differences; 1e-6 by default. */
  readonly eps?: number;
  /** Keep the last axis, with extent 1; false by default. */
  readonly keepdim?: boolean;
}
const PAIRWISE_DISTANCE_MODULE_OPTIONS: OptionKeys<PairwiseDistanceModuleOptions> = {
  p: true,
  eps: true,
  keepdim: true,
};

/** The p-norm of differences along the last axis: inputs [n, d] or [d], output [n] or []. */
export class PairwiseDistance extends Module {
  /** The options of the op. */
  protected readonly options: PairwiseDistanceModuleOptions;

  /** The Euclidean distance by default. */
  constructor(options: PairwiseDistanceModuleOptions = {}) {
    checkSurplus(new.target.name, arguments, 1);
    options = readOptions(new.target.name, options, PAIRWISE_DISTANCE_MODULE_OPTIONS);
    super();
    this.options = options;
  }

  /** The distance of the vectors of `a` from those of `b`. */
  override forward(a: Tensor, b: Tensor): Tensor {
    return pairwiseDistance(a, b, this.options);
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [this.options];
  }
}
