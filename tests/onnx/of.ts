/** Modules made of functions. */
import type { Tensor } from "@troodon/core";
import { Module } from "@troodon/nn";

/** A module made of a function. */
export class Of extends Module {
  readonly #f: (this: void, x: Tensor) => Tensor;

  constructor(f: (x: Tensor) => Tensor) {
    super();
    this.#f = f;
  }

  override forward(x: Tensor): Tensor {
    return this.#f(x);
  }
}
