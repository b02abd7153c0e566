/** Permutation of axes as a layer. */
import type { Tensor } from "@troodon/core";
import { Module } from "@troodon/nn";

/** Layer that returns a view of the input with permuted axes. */
export class Permute extends Module {
  /** Permutation: axes of the input in the order of the output. */
  protected readonly dims: readonly number[];

  /** Creates a layer for which axis `i` of the output is axis `dims[i]` of the input. */
  constructor(dims: readonly number[]) {
    super();
    this.dims = dims;
  }

  /** Returns the view. */
  override forward(x: Tensor): Tensor {
    return x.permute(this.dims);
  }

  /** Returns the constructor arguments that recreate this module. */
  override describe(): readonly unknown[] {
    return [this.dims];
  }
}
