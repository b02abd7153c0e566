/** Leaving out. */
import { dropout, type Tensor } from "@troodon/core";
import { Module } from "../module.ts";

/**
 * While training, sets each element to 0 with probability `p` and multiplies the
 * others by 1 / (1 - p); otherwise gives its input (Hinton et al. 2012, arXiv:1207.0580).
 */
export class Dropout extends Module {
  /** Probability of an element to be left out. */
  readonly p: number;

  /**
   * Half of the elements by default.
   *
   * @throws {RangeError} If `p` is outside [0, 1].
   */
  constructor(p = 0.5) {
    super();
    if (!(p >= 0 && p <= 1)) {
      throw new RangeError(`Cannot make Dropout as p must be from 0 to 1: current p is ${p}`);
    }
    this.p = p;
  }

  /**
   * Applies the layer.
   *
   * @param x Of any shape.
   */
  override forward(x: Tensor): Tensor {
    return dropout(x, { p: this.p, training: this.training });
  }

  /** What is printed. */
  override extraRepr(): string {
    return `p=${this.p}, inplace=False`;
  }
}
