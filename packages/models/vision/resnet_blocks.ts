/** Residual blocks. */
import type { Tensor } from "@troodon/core";
import { BatchNorm2d, Conv2d, Module, ReLU, Sequential } from "@troodon/nn";

/** Sizes of a residual block. */
export interface ResidualBlockOptions {
  /** Channels of the input. */
  readonly inChannels: number;
  /** Channels of the stage: a quarter of the output's in a bottleneck. */
  readonly channels: number;
  /** Step of the 3 x 3 convolution (default 1). */
  readonly stride?: number;
  /** Groups of the 3 x 3 convolution of a bottleneck (default 1). */
  readonly groups?: number;
  /** Channels of a group for 64 of the stage (default 64). */
  readonly widthPerGroup?: number;
}

const norm = (channels: number): BatchNorm2d => new BatchNorm2d(channels);

/** The branch beside a block whose output has another shape than its input; null where both are the same. */
function projection(inChannels: number, outChannels: number, stride: number): Sequential | null {
  if (stride === 1 && inChannels === outChannels) return null;
  return new Sequential(
    new Conv2d(inChannels, outChannels, 1, { stride, bias: false }),
    norm(outChannels),
  );
}

/** Two 3 x 3 convolutions beside the identity (He et al. 2016, arXiv:1512.03385). */
export class BasicBlock extends Module {
  /** [channels, inChannels, 3, 3]. */
  readonly conv1: Conv2d;
  /** Of the first convolution. */
  readonly bn1: BatchNorm2d;
  /** Between the convolutions and at the end. */
  readonly relu: ReLU = new ReLU();
  /** [channels, channels, 3, 3]. */
  readonly conv2: Conv2d;
  /** Of the second convolution, in front of the sum. */
  readonly bn2: BatchNorm2d;
  /** Brings the input to the shape of the output; null where it has it. */
  readonly downsample: Sequential | null;
  /** Arguments of the constructor. */
  protected readonly options: ResidualBlockOptions;

  /** A block with the layers' own first weights. */
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

  /** The convolutions added to the input: [n, inChannels, h, w] to [n, channels, h / stride, w / stride]. */
  override forward(x: Tensor): Tensor {
    const y = this.bn2(this.conv2(this.relu(this.bn1(this.conv1(x)))));
    return this.relu(y.add(this.downsample?.(x) ?? x));
  }

  /** The arguments that make a block like this one. */
  override describe(): readonly unknown[] {
    return [this.options];
  }
}

/** A 3 x 3 convolution between two of 1 x 1, beside the identity (He et al. 2016, arXiv:1512.03385). */
export class Bottleneck extends Module {
  /** To the inner width. */
  readonly conv1: Conv2d;
  /** Of the first convolution. */
  readonly bn1: BatchNorm2d;
  /** 3 x 3, with the stride. */
  readonly conv2: Conv2d;
  /** Of the second convolution. */
  readonly bn2: BatchNorm2d;
  /** To four times the channels of the stage. */
  readonly conv3: Conv2d;
  /** Of the last convolution, in front of the sum. */
  readonly bn3: BatchNorm2d;
  /** Between the convolutions and at the end. */
  readonly relu: ReLU = new ReLU();
  /** Brings the input to the shape of the output; null where it has it. */
  readonly downsample: Sequential | null;
  /** Arguments of the constructor. */
  protected readonly options: ResidualBlockOptions;

  /** A block with the layers' own first weights. */
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

  /** The convolutions added to the input: [n, inChannels, h, w] to [n, 4 * channels, h / stride, w / stride]. */
  override forward(x: Tensor): Tensor {
    let y = this.relu(this.bn1(this.conv1(x)));
    y = this.relu(this.bn2(this.conv2(y)));
    y = this.bn3(this.conv3(y));
    return this.relu(y.add(this.downsample?.(x) ?? x));
  }

  /** The arguments that make a block like this one. */
  override describe(): readonly unknown[] {
    return [this.options];
  }
}
