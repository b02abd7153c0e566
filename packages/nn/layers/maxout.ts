/** The largest of several affine maps. */
import { type Tensor, tidySync } from "@troodon/core";
import { checkSurplus, readOptions } from "@troodon/core/kernel";
import { Module } from "../module.ts";
import { Linear, LINEAR_OPTIONS, type LinearOptions } from "./linear.ts";
import { checkExtents } from "../check_numbers.ts";

/**
 * The largest of `pieces` affine maps for each output (Goodfellow et al. 2013, arXiv:1302.4389): input
 * [..., inFeatures], output [..., outFeatures].
 */
export class Maxout extends Module {
  /** The maps of an output are next to each other. */
  readonly linear: Linear;
  /** Maps for each output. */
  readonly pieces: number;

  /**
   * A layer with weights drawn from the device's generator.
   *
   * @throws {RangeError} If `pieces` is no whole number from 1.
   */
  constructor(inFeatures: number, outFeatures: number, pieces: number, options: LinearOptions = {}) {
    checkSurplus(new.target.name, arguments, 4);
    checkExtents(new.target.name, { inFeatures, outFeatures, pieces });
    options = readOptions(new.target.name, options, LINEAR_OPTIONS);
    super();
    if (!Number.isInteger(pieces) || pieces < 1) {
      throw new RangeError(
        `Cannot make Maxout as pieces must be a whole number from 1: current number is ${pieces}`,
      );
    }
    this.linear = new Linear(inFeatures, outFeatures * pieces, options);
    this.pieces = pieces;
  }

  /**
   * Applies the layer.
   *
   * @param x [..., inFeatures]
   */
  override forward(x: Tensor): Tensor {
    return tidySync(() => this.linear(x).unflatten(-1, [-1, this.pieces]).max(-1).values);
  }

  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    return `pieces=${this.pieces}`;
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    const { pieces, linear: { weight, bias } } = this, [rows, inFeatures] = weight.shape;
    return [inFeatures, rows! / pieces, pieces, { bias: bias !== null }];
  }
}
