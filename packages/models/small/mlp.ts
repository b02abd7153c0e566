import type { Tensor } from "@troodon/core";
import { Linear, Module } from "@troodon/nn";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { MODEL_OPTIONS, type ModelOptions, readSize } from "./model_options.ts";

/** Options of {@linkcode Mlp}. */
export interface MlpOptions extends ModelOptions {
  /** Number of hidden units (default 256). */
  readonly hidden?: number;
}
const MLP_OPTIONS: OptionKeys<MlpOptions> = { ...MODEL_OPTIONS, hidden: true };

/** Perceptron with one hidden layer: [n, channels, rows, columns] to logits [n, classes]. */
export class Mlp extends Module {
  /** Hidden layer. */
  readonly fc1: Linear;
  /** Layer that computes the logits. */
  fc2: Linear;
  /** Arguments of the constructor. */
  protected readonly options: MlpOptions;

  /**
   * Creates a network with weights drawn from the generator of the device.
   *
   * @throws {RangeError} If a size is not a positive integer.
   */
  constructor(options: MlpOptions = {}) {
    const { channels = 1, size = 28, classes = 10, hidden = 256 } = readOptions(
      new.target.name,
      options,
      MLP_OPTIONS,
    );
    super();
    const [rows, columns] = readSize("Mlp", size, (n) => n > 0, "a positive number of");
    this.options = options;
    this.fc1 = new Linear(channels * rows * columns, hidden);
    this.fc2 = new Linear(hidden, classes);
  }

  /** Returns the logits of images. */
  override forward(x: Tensor): Tensor {
    return this.fc2(this.fc1.forwardRelu(x.flatten(1)));
  }

  /** Returns the constructor arguments that recreate this network. */
  override describe(): readonly unknown[] {
    return [{ ...this.options, classes: this.fc2.outFeatures }];
  }
}
