/** The nodes of leaves. */
import type { GradNode, NextFunction, PostAccumulateGradHook, Tape, Tensor } from "@troodon/core";
import { nextSerial, showAsText, type TensorSpec } from "@troodon/core/kernel";
import type { Hook, Node } from "./node.ts";

const NO_HOOKS: readonly PostAccumulateGradHook[] = [];

/** Accumulates a gradient in the `grad` of a leaf tensor. */
export class AccumulateGrad implements GradNode {
  readonly tape: Tape;
  readonly id: number = nextSerial();
  readonly name = "AccumulateGrad";
  readonly isLeaf = true;
  readonly isReleased = false;
  readonly outputCount = 1;
  readonly next: readonly Node[] = [];
  readonly nextFunctions: readonly NextFunction[] = [];
  /** Null where no gradient is wanted any more. */
  tensor: Tensor | null;
  hooks: Hook[] | null = null;
  /** Hooks called after the gradient was accumulated into `grad`, in order of registration; see `hookLeaf`. */
  afterwards: readonly PostAccumulateGradHook[] = NO_HOOKS;

  /** The node of `tensor`. */
  constructor(tape: Tape, tensor: Tensor) {
    this.tape = tape;
    this.tensor = tensor;
  }

  /** Number of hooks before and after accumulation. */
  get hookCount(): number {
    return (this.hooks?.length ?? 0) + this.afterwards.length;
  }

  get outputs(): readonly TensorSpec[] {
    return this.tensor === null ? [] : [{ shape: this.tensor.shape, dtype: this.tensor.dtype }];
  }

  /** Its name in brackets, as PyTorch writes it. */
  toString(): string {
    return `<${this.name}>`;
  }

  static {
    showAsText(this);
  }
}
