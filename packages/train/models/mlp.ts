import type { Tensor } from "@troodon/core";
import { Linear, Module } from "@troodon/nn";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import type { ModelOptions } from "./model_options.ts";

const MLP_OPTIONS: OptionKeys<ModelOptions & { readonly hidden?: number }> = {
  channels: true,
  size: true,
  classes: true,
  hidden: true,
};

/** A perceptron with one hidden layer: [n, channels, size, size] to logits [n, classes], 784-256-10 by default. */
export class Mlp extends Module {
  /** To the hidden layer. */
  readonly fc1: Linear;
  /** To the logits. */
  readonly fc2: Linear;

  /** 256 hidden units by default. */
  constructor(
    options?: ModelOptions & { readonly hidden?: number },
  ) {
    const { channels = 1, size = 28, classes = 10, hidden = 256 } = readOptions(
      new.target.name,
      options,
      MLP_OPTIONS,
    );
    super();
    this.fc1 = new Linear(channels * size * size, hidden);
    this.fc2 = new Linear(hidden, classes);
  }

  /** Logits of `x` [n, channels, size, size]. */
  override forward(x: Tensor): Tensor {
    return this.fc2(this.fc1.forwardRelu(x.flatten(1)));
  }
}
