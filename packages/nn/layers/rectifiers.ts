/** Activation functions made of straight and exponential parts. */
import {
  celu,
  elu,
  hardsigmoid,
  hardswish,
  hardtanh,
  prelu,
  relu6,
  rrelu,
  selu,
  type Tensor,
  threshold,
} from "@troodon/core";
import { checkSurplus, type OptionKeys, readOptions, showFloat, showNumber } from "@troodon/core/kernel";
import { constant_ } from "../init.ts";
import { checkNumbers } from "../check_numbers.ts";
import { Module } from "../module.ts";
import type { Parameter } from "../parameter.ts";
import { emptyParameter, type LayerOptions } from "./linear.ts";

/** min(max(x, 0), 6), element by element. */
export class ReLU6 extends Module {
  /**
   * Applies the layer.
   *
   * @param x Of any shape.
   */
  override forward(x: Tensor): Tensor {
    return relu6(x);
  }
}

/** x above 0, alpha (exp(x) - 1) below, element by element (Clevert et al. 2015, arXiv:1511.07289). */
export class ELU extends Module {
  /** Minus the limit on the left. */
  readonly alpha: number;

  /** 1 by default. */
  constructor(alpha = 1) {
    checkSurplus(new.target.name, arguments, 1);
    checkNumbers(new.target.name, { alpha });
    super();
    this.alpha = alpha;
  }

  /**
   * Applies the layer.
   *
   * @param x Of any shape.
   */
  override forward(x: Tensor): Tensor {
    return elu(x, { alpha: this.alpha });
  }

  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    return `alpha=${showFloat(this.alpha)}`;
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [this.alpha];
  }
}

/** x above 0, alpha (exp(x / alpha) - 1) below, element by element (Barron 2017, arXiv:1704.07483). */
export class CELU extends Module {
  /** Minus the limit on the left. */
  readonly alpha: number;

  /** 1 by default. */
  constructor(alpha = 1) {
    checkSurplus(new.target.name, arguments, 1);
    checkNumbers(new.target.name, { alpha });
    super();
    this.alpha = alpha;
  }

  /**
   * Applies the layer.
   *
   * @param x Of any shape.
   */
  override forward(x: Tensor): Tensor {
    return celu(x, { alpha: this.alpha });
  }

  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    return `alpha=${showFloat(this.alpha)}`;
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [this.alpha];
  }
}

/** {@linkcode ELU} with the numbers that keep mean 0 and variance 1 (Klambauer et al. 2017, arXiv:1706.02515). */
export class SELU extends Module {
  /**
   * Applies the layer.
   *
   * @param x Of any shape.
   */
  override forward(x: Tensor): Tensor {
    return selu(x);
  }
}

/** Options of {@linkcode PReLU}. */
export interface PReLUOptions extends LayerOptions {
  /** 1, or the number of channels; 1 by default. */
  readonly numParameters?: number;
  /** Slope at first; 0.25 by default. */
  readonly init?: number;
}
const PRELU_OPTIONS: OptionKeys<PReLUOptions> = {
  numParameters: true,
  init: true,
  device: true,
  dtype: true,
};

/** x above 0, a slope that is learnt times x below (He et al. 2015, arXiv:1502.01852). */
export class PReLU extends Module {
  /** Slopes [numParameters]. */
  weight: Parameter;

  /** One slope for all channels by default. */
  constructor(options: PReLUOptions = {}) {
    checkSurplus(new.target.name, arguments, 1);
    options = readOptions(new.target.name, options, PRELU_OPTIONS);
    super();
    const { numParameters = 1, init = 0.25 } = options;
    this.weight = emptyParameter([numParameters], options);
    constant_(this.weight, init);
  }

  /**
   * Applies the layer.
   *
   * @param x [n, channels, ...]
   */
  override forward(x: Tensor): Tensor {
    return prelu(x, this.weight);
  }

  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    return `num_parameters=${this.weight.numel()}`;
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [{ numParameters: this.weight.shape[0] }];
  }
}

/** x above 0; below, x times a slope drawn for each element while training, and the middle one otherwise (Xu et al. 2015, arXiv:1505.00853). */
export class RReLU extends Module {
  /** Smallest slope. */
  readonly lower: number;
  /** What slopes stay below. */
  readonly upper: number;

  /** Slopes from 1 / 8 to 1 / 3 by default. */
  constructor(lower: number = 1 / 8, upper: number = 1 / 3) {
    checkSurplus(new.target.name, arguments, 2);
    checkNumbers(new.target.name, { lower, upper });
    super();
    this.lower = lower;
    this.upper = upper;
  }

  /**
   * Applies the layer.
   *
   * @param x Of any shape.
   */
  override forward(x: Tensor): Tensor {
    return rrelu(x, { lower: this.lower, upper: this.upper, training: this.training });
  }

  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    return `lower=${showNumber(this.lower)}, upper=${showNumber(this.upper)}`;
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [this.lower, this.upper];
  }
}

/** x above a limit, another value below, element by element. */
export class Threshold extends Module {
  /** The limit. */
  readonly threshold: number;
  /** What stands for what is not above it. */
  readonly value: number;

  /** Takes the limit and the value. */
  constructor(threshold: number, value: number) {
    checkSurplus(new.target.name, arguments, 2);
    checkNumbers(new.target.name, { threshold, value });
    super();
    this.threshold = threshold;
    this.value = value;
  }

  /**
   * Applies the layer.
   *
   * @param x Of any shape.
   */
  override forward(x: Tensor): Tensor {
    return threshold(x, this.threshold, this.value);
  }

  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    return `threshold=${showNumber(this.threshold)}, value=${showNumber(this.value)}`;
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [this.threshold, this.value];
  }
}

/** x held between two bounds, element by element. */
export class Hardtanh extends Module {
  /** Lower bound. */
  readonly minVal: number;
  /** Upper bound. */
  readonly maxVal: number;

  /** -1 and 1 by default. */
  constructor(minVal = -1, maxVal = 1) {
    checkSurplus(new.target.name, arguments, 2);
    checkNumbers(new.target.name, { minVal, maxVal });
    super();
    this.minVal = minVal;
    this.maxVal = maxVal;
  }

  /**
   * Applies the layer.
   *
   * @param x Of any shape.
   */
  override forward(x: Tensor): Tensor {
    return hardtanh(x, { minVal: this.minVal, maxVal: this.maxVal });
  }

  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    return `min_val=${showFloat(this.minVal)}, max_val=${showFloat(this.maxVal)}`;
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [this.minVal, this.maxVal];
  }
}

/** x / 6 + 1 / 2 held between 0 and 1, element by element. */
export class Hardsigmoid extends Module {
  /**
   * Applies the layer.
   *
   * @param x Of any shape.
   */
  override forward(x: Tensor): Tensor {
    return hardsigmoid(x);
  }
}

/** x times {@linkcode Hardsigmoid}, element by element (Howard et al. 2019, arXiv:1905.02244). */
export class Hardswish extends Module {
  /**
   * Applies the layer.
   *
   * @param x Of any shape.
   */
  override forward(x: Tensor): Tensor {
    return hardswish(x);
  }
}
