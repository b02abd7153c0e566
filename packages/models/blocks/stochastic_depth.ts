/** Stochastic depth: residual branches that are dropped at random during training. */
import { ones, type Tensor } from "@troodon/core";
import { Module } from "@troodon/nn";

/**
 * Sets each sample of a residual branch to 0 with probability `p` while training, and divides the others by
 * `1 - p` (Huang et al. 2016, arXiv:1603.09382): [n, ...] to the same shape.
 */
export class StochasticDepth extends Module {
  /** Probability that a sample is dropped. */
  readonly p: number;

  /**
   * Creates a layer that drops samples with probability `p`.
   *
   * @throws {RangeError} If `p` is not between 0 and 1.
   */
  constructor(p: number) {
    super();
    if (!(p >= 0 && p <= 1)) {
      throw new RangeError(`Cannot make StochasticDepth as p must be from 0 to 1: current p is ${p}`);
    }
    this.p = p;
  }

  /** Returns the input, during training with some samples set to 0. */
  override forward(x: Tensor): Tensor {
    if (!this.training || this.p === 0) return x;
    const kept = 1 - this.p, { device, dtype } = x;
    const mask = ones([x.shape[0] ?? 1, ...x.shape.slice(1).fill(1)], { device, dtype }).bernoulli_(kept);
    return x.mul(kept > 0 ? mask.div(kept) : mask);
  }

  /** Returns the constructor arguments that recreate this module. */
  override describe(): readonly unknown[] {
    return [this.p];
  }

  /** Returns the probability as text. */
  override extraRepr(): string {
    return `p=${this.p}`;
  }
}
