/** Axes in another order. */
import type { Tensor } from "@troodon/core";
import { Module } from "@troodon/nn";

/** A view of the input with its axes in another order. */
export class Permute extends Module {
  /** The axes of the input in the order of the output's. */
  protected readonly dims: readonly number[];

  /** Axis `i` of the output is axis `dims[i]` of the input. */
  constructor(dims: readonly number[]) {
    super();
    this.dims = dims;
  }

  /** The view. */
  override forward(x: Tensor): Tensor {
    return x.permute(this.dims);
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [this.dims];
  }
}
