/** Functions that make small values 0, as modules. */
import { hardshrink, softshrink, type Tensor } from "@troodon/core";
import { checkNumbers } from "../check_numbers.ts";
import { Module } from "../module.ts";
import { checkSurplus, showNumber } from "@troodon/core/kernel";

/** x brought lambda closer to 0, and 0 within, element by element. */
export class Softshrink extends Module {
  /** Half the width of what becomes 0. */
  readonly lambda: number;

  /** 0.5 by default. */
  constructor(lambda = 0.5) {
    checkSurplus(new.target.name, arguments, 1);
    checkNumbers(new.target.name, { lambda });
    super();
    this.lambda = lambda;
  }

  /**
   * Applies the layer.
   *
   * @param x Of any shape.
   */
  override forward(x: Tensor): Tensor {
    return softshrink(x, { lambda: this.lambda });
  }

  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    return `${showNumber(this.lambda)}`;
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [this.lambda];
  }
}

/** x, and 0 within lambda of 0, element by element. */
export class Hardshrink extends Module {
  /** Half the width of what becomes 0. */
  readonly lambda: number;

  /** 0.5 by default. */
  constructor(lambda = 0.5) {
    checkSurplus(new.target.name, arguments, 1);
    checkNumbers(new.target.name, { lambda });
    super();
    this.lambda = lambda;
  }

  /**
   * Applies the layer.
   *
   * @param x Of any shape.
   */
  override forward(x: Tensor): Tensor {
    return hardshrink(x, { lambda: this.lambda });
  }

  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    return `${showNumber(this.lambda)}`;
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [this.lambda];
  }
}
