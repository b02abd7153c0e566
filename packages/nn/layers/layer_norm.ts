/** Normalization of each sample over its last axes. */
import { layerNorm, rmsNorm, type Shape, type Tensor } from "@troodon/core";
import {
  checkSurplus,
  type OptionKeys,
  readOptions,
  showFlag,
  showNumber,
  showTuple,
} from "@troodon/core/kernel";
import { ones_, zeros_ } from "../init.ts";
import { checkSizes } from "../check_numbers.ts";
import { Module } from "../module.ts";
import type { Parameter } from "../parameter.ts";
import { emptyParameter, type LayerOptions } from "./linear.ts";

/** Options of {@linkcode LayerNorm}. */
export interface LayerNormOptions extends LayerOptions {
  /** Added to the variance; 1e-5 by default. */
  readonly eps?: number;
  /** Whether scale and shift are learnt; true by default. */
  readonly elementwiseAffine?: boolean;
  /** Adds a learned bias to the scale (default true). */
  readonly bias?: boolean;
}
const LAYER_NORM_OPTIONS: OptionKeys<LayerNormOptions> = {
  eps: true,
  elementwiseAffine: true,
  bias: true,
  device: true,
  dtype: true,
};

/**
 * Each sample brought to mean 0 and deviation 1 over its last axes, then scaled
 * and shifted (Ba et al. 2016, arXiv:1607.06450).
 */
export class LayerNorm extends Module {
  /** `normalizedShape`, or null. */
  weight: Parameter | null;
  /** `normalizedShape`, or null. */
  bias: Parameter | null;
  /** Extents of the last axes. */
  readonly normalizedShape: Shape;
  /** Added to the variance. */
  protected readonly eps: number;

  /** Scale 1, shift 0. */
  constructor(normalizedShape: number | Shape, options: LayerNormOptions = {}) {
    checkSurplus(new.target.name, arguments, 2);
    options = readOptions(new.target.name, options, LAYER_NORM_OPTIONS);
    checkSizes(new.target.name, { normalizedShape });
    super();
    const { eps = 1e-5, elementwiseAffine = true, bias = true } = options;
    this.normalizedShape = typeof normalizedShape === "number" ? [normalizedShape] : normalizedShape;
    this.eps = eps;
    this.weight = elementwiseAffine ? emptyParameter(this.normalizedShape, options) : null;
    this.bias = elementwiseAffine && bias ? emptyParameter(this.normalizedShape, options) : null;
    if (this.weight) ones_(this.weight);
    if (this.bias) zeros_(this.bias);
  }

  /**
   * Applies the layer.
   *
   * @param x [..., ...normalizedShape]
   */
  override forward(x: Tensor): Tensor {
    return layerNorm(x, this.normalizedShape, this.weight, this.bias, { eps: this.eps });
  }

  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    return `${showTuple(this.normalizedShape)}, eps=${showNumber(this.eps)}, ` +
      `elementwise_affine=${showFlag(this.weight !== null)}, bias=${showFlag(this.bias !== null)}`;
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [this.normalizedShape, {
      eps: this.eps,
      elementwiseAffine: this.weight !== null,
      bias: this.bias !== null,
    }];
  }
}

/** Options of {@linkcode RMSNorm}. */
export interface RMSNormOptions extends LayerOptions {
  /** Added to the mean square; the smallest step above 1 in the type of the input by default. */
  readonly eps?: number;
  /** Whether a scale is learnt; true by default. */
  readonly elementwiseAffine?: boolean;
}
const RMS_NORM_OPTIONS: OptionKeys<RMSNormOptions> = {
  eps: true,
  elementwiseAffine: true,
  device: true,
  dtype: true,
};

/** Each sample divided by the root of its mean square over its last axes, then scaled (Zhang and Sennrich 2019, arXiv:1910.07467). */
export class RMSNorm extends Module {
  /** `normalizedShape`, or null. */
  weight: Parameter | null;
  /** Extents of the last axes. */
  readonly normalizedShape: Shape;
  /** Added to the variance. */
  protected readonly eps: number | undefined;

  /** Scale 1. */
  constructor(normalizedShape: number | Shape, options: RMSNormOptions = {}) {
    checkSurplus(new.target.name, arguments, 2);
    options = readOptions(new.target.name, options, RMS_NORM_OPTIONS);
    checkSizes(new.target.name, { normalizedShape });
    super();
    this.normalizedShape = typeof normalizedShape === "number" ? [normalizedShape] : normalizedShape;
    this.eps = options.eps;
    this.weight = options.elementwiseAffine ?? true ? emptyParameter(this.normalizedShape, options) : null;
    if (this.weight) ones_(this.weight);
  }

  /**
   * Applies the layer.
   *
   * @param x [..., ...normalizedShape]
   */
  override forward(x: Tensor): Tensor {
    return rmsNorm(x, this.normalizedShape, this.weight, this.eps === undefined ? {} : { eps: this.eps });
  }

  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    return `${showTuple(this.normalizedShape)}, eps=${
      this.eps === undefined ? "None" : showNumber(this.eps)
    }, ` +
      `elementwise_affine=${showFlag(this.weight !== null)}`;
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [this.normalizedShape, { eps: this.eps, elementwiseAffine: this.weight !== null }];
  }
}
