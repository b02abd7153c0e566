import type { Tensor } from "@troodon/core";
import { Conv2d, Linear, MaxPool2d, Module } from "@troodon/nn";
import { readOptions } from "@troodon/core/kernel";
import { MODEL_OPTIONS, type ModelOptions, readSize } from "./model_options.ts";

/**
 * LeNet-5 as in PyTorch's tutorials (LeCun et al. 1998): [n, channels, rows, columns] to logits [n, classes].
 * Smaller images are padded to 32 x 32.
 */
export class LeNet extends Module {
  /** First convolution, to 6 maps. */
  readonly conv1: Conv2d;
  /** Second convolution, to 16 maps. */
  readonly conv2: Conv2d;
  /** Pooling that halves rows and columns. */
  readonly pool: MaxPool2d = new MaxPool2d(2);
  /** Hidden layer of 120 units. */
  readonly fc1: Linear;
  /** Hidden layer of 84 units. */
  readonly fc2: Linear;
  /** Layer that computes the logits. */
  fc3: Linear;
  /** Arguments of the constructor. */
  protected readonly options: ModelOptions;

  /**
   * Creates a network with weights drawn from the generator of the device.
   *
   * @throws {RangeError} If a size is not an even number up to 32.
   */
  constructor(options: ModelOptions = {}) {
    const { channels = 1, size = 28, classes = 10 } = readOptions(new.target.name, options, MODEL_OPTIONS);
    super();
    const [rows, columns] = readSize(
      "LeNet",
      size,
      (n) => n > 0 && n <= 32 && n % 2 === 0,
      "an even number up to 32 of",
    );
    this.options = options;
    this.conv1 = new Conv2d(channels, 6, 5, { padding: [(32 - rows) / 2, (32 - columns) / 2] });
    this.conv2 = new Conv2d(6, 16, 5);
    this.fc1 = new Linear(16 * 5 * 5, 120);
    this.fc2 = new Linear(120, 84);
    this.fc3 = new Linear(84, classes);
  }

  /** Returns the logits of images. */
  override forward(x: Tensor): Tensor {
    // Rectified after pooling, which is the same and a quarter of the work.
    x = this.pool(this.conv1(x)).relu();
    x = this.pool(this.conv2(x)).relu();
    x = this.fc1.forwardRelu(x.flatten(1));
    return this.fc3(this.fc2.forwardRelu(x));
  }

  /** Returns the constructor arguments that recreate this network. */
  override describe(): readonly unknown[] {
    return [{ ...this.options, classes: this.fc3.outFeatures }];
  }
}
