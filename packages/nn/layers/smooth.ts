/** Smooth activation functions, and those over an axis. */
import {
  glu,
  logsigmoid,
  mish,
  softmax,
  softmin,
  softplus,
  softsign,
  tanhshrink,
  type Tensor,
} from "@troodon/core";
import { checkSurplus, showFloat } from "@troodon/core/kernel";
import { checkNumbers } from "../check_numbers.ts";
import { Module } from "../module.ts";
import { Softmax } from "./activations.ts";

/** log(1 + exp(beta x)) / beta, element by element. */
export class Softplus extends Module {
  /** Steepness. */
  readonly beta: number;
  /** Where beta x is above it, x is returned. */
  readonly threshold: number;

  /** Steepness 1 by default. */
  constructor(beta = 1, threshold = 20) {
    checkSurplus(new.target.name, arguments, 2);
    checkNumbers(new.target.name, { beta, threshold });
    super();
    this.beta = beta;
    this.threshold = threshold;
  }

  /**
   * Applies the layer.
   *
   * @param x Of any shape.
   */
  override forward(x: Tensor): Tensor {
    return softplus(x, { beta: this.beta, threshold: this.threshold });
  }

  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    return `beta=${showFloat(this.beta)}, threshold=${showFloat(this.threshold)}`;
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [this.beta, this.threshold];
  }
}

/** x tanh(softplus(x)), element by element (Misra 2019, arXiv:1908.08681). */
export class Mish extends Module {
  /**
   * Applies the layer.
   *
   * @param x Of any shape.
   */
  override forward(x: Tensor): Tensor {
    return mish(x);
  }
}

/** log(1 / (1 + exp(-x))), element by element. */
export class LogSigmoid extends Module {
  /**
   * Applies the layer.
   *
   * @param x Of any shape.
   */
  override forward(x: Tensor): Tensor {
    return logsigmoid(x);
  }
}

/** x / (1 + |x|), element by element. */
export class Softsign extends Module {
  /**
   * Applies the layer.
   *
   * @param x Of any shape.
   */
  override forward(x: Tensor): Tensor {
    return softsign(x);
  }
}

/** x - tanh(x), element by element. */
export class Tanhshrink extends Module {
  /**
   * Applies the layer.
   *
   * @param x Of any shape.
   */
  override forward(x: Tensor): Tensor {
    return tanhshrink(x);
  }
}

/** The first half along an axis times the sigmoid of the second (Dauphin et al. 2016, arXiv:1612.08083). */
export class GLU extends Module {
  /** The axis that is halved. */
  readonly dim: number;

  /** The last axis by default. */
  constructor(dim = -1) {
    checkSurplus(new.target.name, arguments, 1);
    checkNumbers(new.target.name, { dim });
    super();
    this.dim = dim;
  }

  /**
   * Applies the layer.
   *
   * @param x Of any shape that has the axis, with an even extent.
   */
  override forward(x: Tensor): Tensor {
    return glu(x, this.dim);
  }

  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    return `dim=${this.dim}`;
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [this.dim];
  }
}

/** {@linkcode Softmax} of -x. */
export class Softmin extends Softmax {
  /**
   * Applies the layer.
   *
   * @param x Of any shape that has the axis.
   */
  override forward(x: Tensor): Tensor {
    return softmin(x, this.dim);
  }
}

/** {@linkcode Softmax} over the channels of each place. */
export class Softmax2d extends Module {
  /**
   * Applies the layer.
   *
   * @param x [n, c, h, w] or [c, h, w]
   */
  override forward(x: Tensor): Tensor {
    return softmax(x, -3);
  }
}
