/** ShuffleNetV2 models. */
import { cat, channelShuffle, type Tensor } from "@troodon/core";
import { BatchNorm2d, Conv2d, Linear, MaxPool2d, Module, ReLU, Sequential } from "@troodon/nn";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { CLASSIFIER_OPTIONS, type ClassifierOptions } from "../classifier_options.ts";
import { type ModelFunction, modelFunction } from "../model_function.ts";

const pointwise = (inChannels: number, outChannels: number): Module[] => [
  new Conv2d(inChannels, outChannels, 1, { bias: false }),
  new BatchNorm2d(outChannels),
  new ReLU(),
];

const depthwise = (channels: number, stride: number): Module[] => [
  new Conv2d(channels, channels, 3, { stride, padding: 1, groups: channels, bias: false }),
  new BatchNorm2d(channels),
];

/** Two branches whose channels are shuffled; at stride 1 the first branch is half of the input, unchanged. */
export class ShuffleNetV2Block extends Module {
  /** First branch: all channels at stride 2; empty at stride 1. */
  readonly branch1: Sequential;
  /** Second branch: half of the channels at stride 1, all of them at stride 2. */
  readonly branch2: Sequential;
  /** Arguments of the constructor. */
  protected readonly made: readonly [inChannels: number, outChannels: number, stride: number];

  /**
   * Creates a block [n, inChannels, h, w] to [n, outChannels, h / stride, w / stride].
   *
   * @throws {RangeError} If `outChannels` is odd, or differs from `inChannels` at stride 1.
   */
  constructor(inChannels: number, outChannels: number, stride: number) {
    super();
    if (outChannels % 2 !== 0 || (stride === 1 && inChannels !== outChannels)) {
      throw new RangeError(
        `Cannot make ShuffleNetV2Block as outChannels must be even and at stride 1 be inChannels: current ones are ` +
          `${outChannels} and ${inChannels}`,
      );
    }
    this.made = [inChannels, outChannels, stride];
    const half = outChannels / 2;
    this.branch1 = stride === 1
      ? new Sequential()
      : new Sequential(...depthwise(inChannels, stride), ...pointwise(inChannels, half));
    this.branch2 = new Sequential(
      ...pointwise(stride === 1 ? half : inChannels, half),
      ...depthwise(half, stride),
      ...pointwise(half, half),
    );
  }

  /** Concatenates both branches and shuffles their channels. */
  override forward(x: Tensor): Tensor {
    if (this.made[2] !== 1) return channelShuffle(cat([this.branch1(x), this.branch2(x)], 1), 2);
    const half = this.made[1] / 2;
    return channelShuffle(cat([x.narrow(1, 0, half), this.branch2(x.narrow(1, half, half))], 1), 2);
  }

  /** Returns the constructor arguments that recreate this block. */
  override describe(): readonly unknown[] {
    return this.made;
  }
}

/** Options of {@linkcode ShuffleNetV2}. */
export interface ShuffleNetV2Architecture extends ClassifierOptions {
  /** Number of channels of the first convolution, the three stages and the last convolution. */
  readonly channels: readonly [number, number, number, number, number];
  /** Number of blocks of the three stages (default `[4, 8, 4]`). */
  readonly repeats?: readonly [number, number, number];
}
const SHUFFLENET_V2_OPTIONS: OptionKeys<ShuffleNetV2Architecture> = {
  repeats: true,
  channels: true,
  ...CLASSIFIER_OPTIONS,
};

/** ShuffleNetV2 (Ma et al. 2018, arXiv:1807.11164): [n, 3, h, w] to logits [n, numClasses]. */
export class ShuffleNetV2 extends Module {
  /** First convolution, of 3 x 3 with stride 2. */
  readonly conv1: Sequential;
  /** Pooling that halves height and width. */
  readonly maxpool: MaxPool2d = new MaxPool2d(3, { stride: 2, padding: 1 });
  /** First stage, at an eighth of the height and width. */
  readonly stage2: Sequential;
  /** Second stage, at a sixteenth of the height and width. */
  readonly stage3: Sequential;
  /** Third stage, at a thirty-second of the height and width. */
  readonly stage4: Sequential;
  /** Last convolution, of 1 x 1. */
  readonly conv5: Sequential;
  /** Layers that compute the logits. */
  fc: Linear;
  /** Arguments of the constructor. */
  protected readonly options: ShuffleNetV2Architecture;

  /** Creates a network with weights drawn from the generator of the device. */
  constructor(options: ShuffleNetV2Architecture) {
    const {
      channels: [first, second, third, fourth, last],
      repeats = [4, 8, 4],
      numClasses = 1000,
      inChannels = 3,
    } = readOptions(new.target.name, options, SHUFFLENET_V2_OPTIONS);
    super();
    this.options = options;
    const stage = (from: number, to: number, count: number): Sequential =>
      new Sequential(
        ...Array.from(
          { length: count },
          (_, i) => i === 0 ? new ShuffleNetV2Block(from, to, 2) : new ShuffleNetV2Block(to, to, 1),
        ),
      );
    this.conv1 = new Sequential(
      new Conv2d(inChannels, first, 3, { stride: 2, padding: 1, bias: false }),
      new BatchNorm2d(first),
      new ReLU(),
    );
    this.stage2 = stage(first, second, repeats[0]);
    this.stage3 = stage(second, third, repeats[1]);
    this.stage4 = stage(third, fourth, repeats[2]);
    this.conv5 = new Sequential(...pointwise(fourth, last));
    this.fc = new Linear(last, numClasses);
  }

  /** Returns the logits of images. */
  override forward(x: Tensor): Tensor {
    x = this.maxpool(this.conv1(x));
    x = this.conv5(this.stage4(this.stage3(this.stage2(x))));
    return this.fc(x.mean([2, 3]));
  }

  /** Returns the constructor arguments that recreate this network. */
  override describe(): readonly unknown[] {
    return [{ ...this.options, numClasses: this.fc.outFeatures }];
  }
}

/** Function that creates a {@linkcode ShuffleNetV2}. */
export type ShuffleNetV2Function = ModelFunction<ShuffleNetV2, ClassifierOptions>;

const shufflenet = (name: string, channels: ShuffleNetV2Architecture["channels"]): ShuffleNetV2Function =>
  modelFunction(name, (options) => new ShuffleNetV2({ ...options, channels }));

/** ShuffleNetV2 with half the channels (1.4 million parameters); see {@linkcode ShuffleNetV2}. */
export const shufflenetV2X0_5: ShuffleNetV2Function = shufflenet("shufflenet_v2_x0_5", [
  24,
  48,
  96,
  192,
  1024,
]);
/** ShuffleNetV2 (2.3 million parameters); see {@linkcode ShuffleNetV2}. */
export const shufflenetV2X1_0: ShuffleNetV2Function = shufflenet("shufflenet_v2_x1_0", [
  24,
  116,
  232,
  464,
  1024,
]);
/** ShuffleNetV2 with 1.5 times the channels (3.5 million parameters); see {@linkcode ShuffleNetV2}. */
export const shufflenetV2X1_5: ShuffleNetV2Function = shufflenet("shufflenet_v2_x1_5", [
  24,
  176,
  352,
  704,
  1024,
]);
/** ShuffleNetV2 with twice the channels (7.4 million parameters); see {@linkcode ShuffleNetV2}. */
export const shufflenetV2X2_0: ShuffleNetV2Function = shufflenet("shufflenet_v2_x2_0", [
  24,
  244,
  488,
  976,
  2048,
]);
