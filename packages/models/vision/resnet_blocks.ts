/** Residual blocks of ResNet. */
import type { Tensor } from "@troodon/core";
import { BatchNorm2d, Conv2d, Module, ReLU, Sequential } from "@troodon/nn";

/** Sizes of a residual block. */
export interface ResidualBlockOptions {
  /** Channels of the input. */
  readonly inChannels: number;
  /** Number of channels of the stage: a quarter of the output's in a bottleneck. */
  readonly channels: number;
  /** Stride of the 3 x 3 convolution (default 1). */
  readonly stride?: number;
  /** Number of groups of the 3 x 3 convolution of a bottleneck (default 1). */
  readonly groups?: number;
  /** Number of channels per group for each 64 channels of the stage (default 64). */
  readonly widthPerGroup?: number;
}

const norm = (channels: number): BatchNorm2d => new BatchNorm2d(channels);

/**
 * Creates the projection of a block whose output and input differ in shape; returns null if the shapes are
 * equal.
 */
function projection(inChannels: number, outChannels: number, stride: number): Sequential | null {
  if (stride === 1 && inChannels === outChannels) return null;
  return new Sequential(
    new Conv2d(inChannels, outChannels, 1, { stride, bias: false }),
    norm(outChannels),
  );
}

/** Two 3 x 3 convolutions with a residual connection (He et al. 2016, arXiv:1512.03385). */
export class BasicBlock extends Module {
  /** First convolution; its weight is [channels, inChannels, 3, 3]. */
  readonly conv1: Conv2d;
  /** Follows the first convolution. */
  readonly bn1: BatchNorm2d;
  /** Activation between the convolutions and at the end. */
  readonly relu: ReLU = new ReLU();
  /** Second convolution; its weight is [channels, channels, 3, 3]. */
  readonly conv2: Conv2d;
  /** Normalization of the second convolution, before the sum. */
  readonly bn2: BatchNorm2d;
  /** Projects the input to the shape of the output; null if the shapes are equal. */
  readonly downsample: Sequential | null;
  /** Arguments of the constructor. */
  protected readonly options: ResidualBlockOptions;

  /** Creates a block with the default initialization of its layers. */
  constructor(options: ResidualBlockOptions) {
    super();
    const { inChannels, channels, stride = 1, groups = 1, widthPerGroup = 64 } = options;
    if (groups !== 1 || widthPerGroup !== 64) {
      throw new RangeError(
        `Cannot make BasicBlock as groups must be 1 and widthPerGroup 64: current ones are ${groups} and ${widthPerGroup}`,
      );
    }
    this.options = options;
    this.conv1 = new Conv2d(inChannels, channels, 3, { stride, padding: 1, bias: false });
    this.bn1 = norm(channels);
    this.conv2 = new Conv2d(channels, channels, 3, { padding: 1, bias: false });
    this.bn2 = norm(channels);
    this.downsample = projection(inChannels, channels, stride);
  }

  /** Adds the convolutions to the input: [n, inChannels, h, w] to [n, channels, h / stride, w / stride]. */
  override forward(x: Tensor): Tensor {
    const y = this.bn2(this.conv2(this.relu(this.bn1(this.conv1(x)))));
    return this.relu(y.add(this.downsample?.(x) ?? x));
  }

  /** Returns the constructor arguments that recreate this block. */
  override describe(): readonly unknown[] {
    return [this.options];
  }
}

/**
 * Bottleneck block: convolutions of 1 x 1, 3 x 3 and 1 x 1 with a residual connection (He et al. 2016,
 * arXiv:1512.03385).
 */
export class Bottleneck extends Module {
  /** 1 x 1 convolution to the inner width. */
  readonly conv1: Conv2d;
  /** Follows the first convolution. */
  readonly bn1: BatchNorm2d;
  /** 3 x 3 convolution with the stride. */
  readonly conv2: Conv2d;
  /** Follows the second convolution. */
  readonly bn2: BatchNorm2d;
  /** 1 x 1 convolution to four times the channels of the stage. */
  readonly conv3: Conv2d;
  /** Normalization of the last convolution, before the sum. */
  readonly bn3: BatchNorm2d;
  /** Activation between the convolutions and at the end. */
  readonly relu: ReLU = new ReLU();
  /** Projects the input to the shape of the output; null if the shapes are equal. */
  readonly downsample: Sequential | null;
  /** Arguments of the constructor. */
  protected readonly options: ResidualBlockOptions;

  /** Creates a block with the default initialization of its layers. */
  constructor(options: ResidualBlockOptions) {
    super();
    const { inChannels, channels, stride = 1, groups = 1, widthPerGroup = 64 } = options;
    const width = Math.floor(channels * widthPerGroup / 64) * groups;
    this.options = options;
    this.conv1 = new Conv2d(inChannels, width, 1, { bias: false });
    this.bn1 = norm(width);
    this.conv2 = new Conv2d(width, width, 3, { stride, padding: 1, groups, bias: false });
    this.bn2 = norm(width);
    this.conv3 = new Conv2d(width, 4 * channels, 1, { bias: false });
    this.bn3 = norm(4 * channels);
    this.downsample = projection(inChannels, 4 * channels, stride);
  }

  /**
   * Adds the convolutions to the input: [n, inChannels, h, w] to [n, 4 * channels, h / stride, w / stride].
   */
  override forward(x: Tensor): Tensor {
    let y = this.relu(this.bn1(this.conv1(x)));
    y = this.relu(this.bn2(this.conv2(y)));
    y = this.bn3(this.conv3(y));
    return this.relu(y.add(this.downsample?.(x) ?? x));
  }

  /** Returns the constructor arguments that recreate this block. */
  override describe(): readonly unknown[] {
    return [this.options];
  }
}
