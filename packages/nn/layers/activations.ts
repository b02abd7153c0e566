/** Activation functions as modules. */
import type { Tensor } from "@troodon/core";
import { checkSurplus, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { checkNumbers } from "../check_numbers.ts";
import { Module } from "../module.ts";

/** The input itself: a place kept in a network. */
export class Identity extends Module {
  /**
   * Applies the layer.
   *
   * @param x Of any shape.
   */
  override forward(x: Tensor): Tensor {
    return x;
  }
}

/** max(x, 0), element by element. */
export class ReLU extends Module {
  /**
   * Applies the layer.
   *
   * @param x Of any shape.
   */
  override forward(x: Tensor): Tensor {
    return x.relu();
  }
}

/** x above 0, negativeSlope * x below, element by element. */
export class LeakyReLU extends Module {
  /** Slope below 0. */
  readonly negativeSlope: number;

  /** 0.01 by default. */
  constructor(negativeSlope = 0.01) {
    checkSurplus(new.target.name, arguments, 1);
    checkNumbers(new.target.name, { negativeSlope });
    super();
    this.negativeSlope = negativeSlope;
  }

  /**
   * Applies the layer.
   *
   * @param x Of any shape.
   */
  override forward(x: Tensor): Tensor {
    return x.leakyRelu({ negativeSlope: this.negativeSlope });
  }

  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    return `negative_slope=${this.negativeSlope}`;
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [this.negativeSlope];
  }
}

/** 1 / (1 + exp(-x)), element by element. */
export class Sigmoid extends Module {
  /**
   * Applies the layer.
   *
   * @param x Of any shape.
   */
  override forward(x: Tensor): Tensor {
    return x.sigmoid();
  }
}

/** Hyperbolic tangent, element by element. */
export class Tanh extends Module {
  /**
   * Applies the layer.
   *
   * @param x Of any shape.
   */
  override forward(x: Tensor): Tensor {
    return x.tanh();
  }
}

/** x sigmoid(x), element by element (Elfwing et al. 2017, arXiv:1702.03118). */
export class SiLU extends Module {
  /**
   * Applies the layer.
   *
   * @param x Of any shape.
   */
  override forward(x: Tensor): Tensor {
    return x.silu();
  }
}

const GELU_OPTIONS: OptionKeys<{ readonly approximate?: "none" | "tanh" }> = { approximate: true };

/** x Phi(x), element by element (Hendrycks and Gimpel 2016, arXiv:1606.08415). */
export class GELU extends Module {
  /** "none" for the exact function, "tanh" for the approximation. */
  readonly approximate: "none" | "tanh";

  /** Exact by default. */
  constructor(options?: { readonly approximate?: "none" | "tanh" }) {
    checkSurplus(new.target.name, arguments, 1);
    const { approximate = "none" } = readOptions(new.target.name, options, GELU_OPTIONS);
    super();
    this.approximate = approximate;
  }

  /**
   * Applies the layer.
   *
   * @param x Of any shape.
   */
  override forward(x: Tensor): Tensor {
    return x.gelu({ approximate: this.approximate });
  }

  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    return `approximate='${this.approximate}'`;
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [{ approximate: this.approximate }];
  }
}

/** exp(x) / sum exp(x) along `dim`. */
export class Softmax extends Module {
  /** The axis whose values become 1 together. */
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
   * @param x Of any shape that has the axis.
   */
  override forward(x: Tensor): Tensor {
    return x.softmax(this.dim);
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

/** The logarithm of {@linkcode Softmax}, calculated without its underflow. */
export class LogSoftmax extends Softmax {
  /**
   * Applies the layer.
   *
   * @param x Of any shape that has the axis.
   */
  override forward(x: Tensor): Tensor {
    return x.logSoftmax(this.dim);
  }
}

/** All axes from `startDim` to `endDim` as one. */
export class Flatten extends Module {
  /** First axis to join. */
  readonly startDim: number;
  /** Last axis to join. */
  readonly endDim: number;

  /** Keeps the first axis, the batch, by default. */
  constructor(startDim = 1, endDim = -1) {
    checkSurplus(new.target.name, arguments, 2);
    checkNumbers(new.target.name, { startDim, endDim });
    super();
    this.startDim = startDim;
    this.endDim = endDim;
  }

  /**
   * Applies the layer.
   *
   * @param x Of any shape that has the axes.
   */
  override forward(x: Tensor): Tensor {
    return x.flatten(this.startDim, this.endDim);
  }

  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    return `start_dim=${this.startDim}, end_dim=${this.endDim}`;
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [this.startDim, this.endDim];
  }
}
