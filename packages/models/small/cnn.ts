import type { Tensor } from "@troodon/core";
import { BatchNorm2d, Conv2d, Linear, MaxPool2d, Module } from "@troodon/nn";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { MODEL_OPTIONS, type ModelOptions, readSize } from "./model_options.ts";

/** Options of {@linkcode Cnn}. */
export interface CnnOptions extends ModelOptions {
  /** If true, maps are normalized over the batch after pooling (default false). */
  readonly batchNorm?: boolean;
}
const CNN_OPTIONS: OptionKeys<CnnOptions> = { batchNorm: true, ...MODEL_OPTIONS };

/**
 * A small convolutional network: 16 maps of 5 x 5, pooling, 32 maps of 5 x 5, pooling, 128 units;
 * [n, channels, rows, columns] to logits [n, classes].
 */
export class Cnn extends Module {
  /** First convolution, to 16 maps. */
  readonly conv1: Conv2d;
  /** Normalization of the first pooled maps, or null. */
  readonly bn1: BatchNorm2d | null;
  /** Second convolution, to 32 maps. */
  readonly conv2: Conv2d;
  /** Normalization of the second pooled maps, or null. */
  readonly bn2: BatchNorm2d | null;
  /** Pooling that halves rows and columns. */
  readonly pool: MaxPool2d = new MaxPool2d(2);
  /** Hidden layer of 128 units. */
  readonly fc1: Linear;
  /** Layer that computes the logits. */
  fc2: Linear;
  /** Arguments of the constructor. */
  protected readonly options: CnnOptions;

  /**
   * Creates a network with weights drawn from the generator of the device.
   *
   * @throws {RangeError} If a size is less than 16.
   */
  constructor(options: CnnOptions = {}) {
    const { channels = 1, size = 28, classes = 10, batchNorm = false } = readOptions(
      new.target.name,
      options,
      CNN_OPTIONS,
    );
    super();
    const sides = readSize("Cnn", size, (n) => n >= 16, "16 or more");
    const left = (side: number): number => Math.floor((Math.floor((side - 4) / 2) - 4) / 2);
    this.options = options;
    // The normalization has a shift of its own.
    const bias = !batchNorm;
    this.conv1 = new Conv2d(channels, 16, 5, { bias });
    this.bn1 = batchNorm ? new BatchNorm2d(16) : null;
    this.conv2 = new Conv2d(16, 32, 5, { bias });
    this.bn2 = batchNorm ? new BatchNorm2d(32) : null;
    this.fc1 = new Linear(32 * left(sides[0]) * left(sides[1]), 128);
    this.fc2 = new Linear(128, classes);
  }

  /** Returns the logits of images. */
  override forward(x: Tensor): Tensor {
    // Normalized and rectified after pooling: a quarter of the work, and for rectifying the same.
    x = this.pool(this.conv1(x));
    x = (this.bn1?.(x) ?? x).relu();
    x = this.pool(this.conv2(x));
    x = (this.bn2?.(x) ?? x).relu();
    return this.fc2(this.fc1.forwardRelu(x.flatten(1)));
  }

  /** Returns the constructor arguments that recreate this network. */
  override describe(): readonly unknown[] {
    return [{ ...this.options, classes: this.fc2.outFeatures }];
  }
}
