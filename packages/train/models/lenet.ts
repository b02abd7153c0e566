import type { Tensor } from "@troodon/core";
import { Conv2d, Linear, MaxPool2d, Module } from "@troodon/nn";
import { readOptions } from "@troodon/core/kernel";
import { checkSize, MODEL_OPTIONS, type ModelOptions } from "./model_options.ts";

/**
 * LeNet-5 as PyTorch's tutorials have it, after LeCun et al. 1998: [n, channels, size, size] to
 * logits [n, classes]. Images of less than 32 rows are padded to 32.
 */
export class LeNet extends Module {
  /** 6 maps. */
  readonly conv1: Conv2d;
  /** 16 maps. */
  readonly conv2: Conv2d;
  /** Halves both sides. */
  readonly pool: MaxPool2d = new MaxPool2d(2);
  /** 120 units. */
  readonly fc1: Linear;
  /** 84 units. */
  readonly fc2: Linear;
  /** The logits. */
  readonly fc3: Linear;

  /**
   * For images of 28 x 28 and ten classes by default.
   *
   * @throws {RangeError} If `size` is not an even number up to 32.
   */
  constructor(options?: ModelOptions) {
    const { channels = 1, size = 28, classes = 10 } = readOptions(new.target.name, options, MODEL_OPTIONS);
    super();
    checkSize("LeNet", size, (n) => n > 0 && n <= 32 && n % 2 === 0, "an even number up to 32 of");
    this.conv1 = new Conv2d(channels, 6, 5, { padding: (32 - size) / 2 });
    this.conv2 = new Conv2d(6, 16, 5);
    this.fc1 = new Linear(16 * 5 * 5, 120);
    this.fc2 = new Linear(120, 84);
    this.fc3 = new Linear(84, classes);
  }

  /** Logits of `x` [n, channels, size, size]. */
  override forward(x: Tensor): Tensor {
    // Rectified after pooling, which is the same and a quarter of the work.
    x = this.pool(this.conv1(x)).relu();
    x = this.pool(this.conv2(x)).relu();
    x = this.fc1.forwardRelu(x.flatten(1));
    return this.fc3(this.fc2.forwardRelu(x));
  }
}
