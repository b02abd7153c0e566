import type { Tensor } from "@troodon/core";
import { BatchNorm2d, Conv2d, Linear, MaxPool2d, Module } from "@troodon/nn";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { checkSize, type ModelOptions } from "./model_options.ts";

/** Options of {@linkcode Cnn}. */
export interface CnnOptions extends ModelOptions {
  /** Whether maps are normalised over the batch after pooling; false by default. */
  readonly batchNorm?: boolean;
}
const CNN_OPTIONS: OptionKeys<CnnOptions> = { batchNorm: true, channels: true, size: true, classes: true };

/**
 * A small convolutional network: 16 maps of 5 x 5, pooling, 32 maps of 5 x 5, pooling, 128 units;
 * [n, channels, size, size] to logits [n, classes].
 */
export class Cnn extends Module {
  /** 16 maps. */
  readonly conv1: Conv2d;
  /** Of the pooled maps, or null. */
  readonly bn1: BatchNorm2d | null;
  /** 32 maps. */
  readonly conv2: Conv2d;
  /** Of the pooled maps, or null. */
  readonly bn2: BatchNorm2d | null;
  /** Halves both sides. */
  readonly pool: MaxPool2d = new MaxPool2d(2);
  /** 128 units. */
  readonly fc1: Linear;
  /** The logits. */
  readonly fc2: Linear;

  /**
   * For images of 28 x 28 and ten classes by default.
   *
   * @throws {RangeError} If `size` is less than 16.
   */
  constructor(options?: CnnOptions) {
    const { channels = 1, size = 28, classes = 10, batchNorm = false } = readOptions(
      new.target.name,
      options,
      CNN_OPTIONS,
    );
    super();
    checkSize("Cnn", size, (n) => n >= 16, "16 or more");
    const side = Math.floor((Math.floor((size - 4) / 2) - 4) / 2);
    // The normalisation has a shift of its own.
    const bias = !batchNorm;
    this.conv1 = new Conv2d(channels, 16, 5, { bias });
    this.bn1 = batchNorm ? new BatchNorm2d(16) : null;
    this.conv2 = new Conv2d(16, 32, 5, { bias });
    this.bn2 = batchNorm ? new BatchNorm2d(32) : null;
    this.fc1 = new Linear(32 * side * side, 128);
    this.fc2 = new Linear(128, classes);
  }

  /** Logits of `x` [n, channels, size, size]. */
  override forward(x: Tensor): Tensor {
    // Normalised and rectified after pooling: a quarter of the work, and for rectifying the same.
    x = this.pool(this.conv1(x));
    x = (this.bn1?.(x) ?? x).relu();
    x = this.pool(this.conv2(x));
    x = (this.bn2?.(x) ?? x).relu();
    return this.fc2(this.fc1.forwardRelu(x.flatten(1)));
  }
}
