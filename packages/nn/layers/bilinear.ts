/** The bilinear layer. */
import { bilinear, type Tensor } from "@troodon/core";
import { checkSurplus, readOptions, showFlag } from "@troodon/core/kernel";
import { uniform_ } from "../init.ts";
import { Module } from "../module.ts";
import type { Parameter } from "../parameter.ts";
import { emptyParameter, LINEAR_OPTIONS, type LinearOptions } from "./linear.ts";
import { checkExtents } from "../check_numbers.ts";

/**
 * Every output a weighted sum of all products of an element of the one input and one of the other.
 *
 * Inputs [..., in1Features] and [..., in2Features], output [..., outFeatures]. Weight
 * [outFeatures, in1Features, in2Features] and bias [outFeatures] start uniform within 1 / sqrt(in1Features).
 */
export class Bilinear extends Module {
  /** [outFeatures, in1Features, in2Features] */
  weight: Parameter;
  /** [outFeatures], or null. */
  bias: Parameter | null;

  /** A layer with weights drawn from the device's generator. */
  constructor(in1Features: number, in2Features: number, outFeatures: number, options: LinearOptions = {}) {
    checkSurplus(new.target.name, arguments, 4);
    checkExtents(new.target.name, { in1Features, in2Features, outFeatures });
    options = readOptions(new.target.name, options, LINEAR_OPTIONS);
    super();
    this.weight = emptyParameter([outFeatures, in1Features, in2Features], options);
    this.bias = options.bias ?? true ? emptyParameter([outFeatures], options) : null;
    const bound = 1 / Math.sqrt(in1Features);
    uniform_(this.weight, -bound, bound);
    if (this.bias) uniform_(this.bias, -bound, bound);
  }

  /**
   * Applies the layer.
   *
   * @param a [..., in1Features]
   * @param b [..., in2Features]
   */
  override forward(a: Tensor, b: Tensor): Tensor {
    return bilinear(a, b, this.weight, this.bias);
  }

  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    const [out, first, second] = this.weight.shape;
    return `in1_features=${first}, in2_features=${second}, out_features=${out}, bias=${
      showFlag(this.bias !== null)
    }`;
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    const [outFeatures, in1Features, in2Features] = this.weight.shape;
    return [in1Features, in2Features, outFeatures, { bias: this.bias !== null }];
  }
}
