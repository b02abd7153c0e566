/** MNASNet models. */
import type { Tensor } from "@troodon/core";
import { BatchNorm2d, Conv2d, Dropout, init, Linear, Module, ReLU, Sequential } from "@troodon/nn";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { roundChannels } from "../blocks/channels.ts";
import { heNormal, initialize } from "../blocks/initialize.ts";
import { DROPOUT_CLASSIFIER_OPTIONS, type DropoutClassifierOptions } from "../classifier_options.ts";
import { type ModelFunction, modelFunction } from "../model_function.ts";

// Momentum of the batch normalization: 1 minus TensorFlow's 0.9997.
const norm = (channels: number): BatchNorm2d => new BatchNorm2d(channels, { momentum: 1 - 0.9997 });

/** Depthwise convolution with normalization and activation. */
const depthwise = (channels: number, kernelSize: number, stride: number): Module[] => [
  new Conv2d(channels, channels, kernelSize, {
    stride,
    padding: Math.floor(kernelSize / 2),
    groups: channels,
    bias: false,
  }),
  norm(channels),
  new ReLU(),
];

/** Sizes of a block of {@linkcode MNASNet}. */
export interface MNASNetBlockOptions {
  /** Channels of the input. */
  readonly inChannels: number;
  /** Channels of the output. */
  readonly outChannels: number;
  /** Height and width of the window. */
  readonly kernelSize: number;
  /** Stride of the window. */
  readonly stride: number;
  /** Expansion factor: inner channels per input channel. */
  readonly expansion: number;
}

/**
 * Inverted residual: expansion, depthwise convolution, projection, with a residual connection if the shape is
 * unchanged.
 */
export class MNASNetBlock extends Module {
  /** The layers. */
  readonly layers: Sequential;
  /** Arguments of the constructor. */
  protected readonly options: MNASNetBlockOptions;

  /** Creates a block with the default initialization of its layers. */
  constructor(options: MNASNetBlockOptions) {
    super();
    this.options = options;
    const { inChannels, outChannels, kernelSize, stride, expansion } = options,
      width = inChannels * expansion;
    this.layers = new Sequential(
      new Conv2d(inChannels, width, 1, { bias: false }),
      norm(width),
      new ReLU(),
      ...depthwise(width, kernelSize, stride),
      new Conv2d(width, outChannels, 1, { bias: false }),
      norm(outChannels),
    );
  }

  /** Applies the layers, and adds the input if it has the shape of the output. */
  override forward(x: Tensor): Tensor {
    const { inChannels, outChannels, stride } = this.options, y = this.layers(x);
    return stride === 1 && inChannels === outChannels ? y.add(x) : y;
  }

  /** Returns the constructor arguments that recreate this block. */
  override describe(): readonly unknown[] {
    return [this.options];
  }
}

/** Options of {@linkcode MNASNet}. */
export interface MNASNetArchitecture extends DropoutClassifierOptions {
  /** Width multiplier: factor of all numbers of channels (default 1). */
  readonly alpha?: number;
}
const MNASNET_OPTIONS: OptionKeys<MNASNetArchitecture> = { alpha: true, ...DROPOUT_CLASSIFIER_OPTIONS };

/**
 * Window, stride, expansion and number of blocks of each stage; their channels follow the first two of
 * `CHANNELS`.
 */
const STAGES = [[3, 2, 3, 3], [5, 2, 3, 3], [5, 2, 6, 3], [3, 1, 6, 2], [5, 2, 6, 4], [3, 1, 6, 1]] as const;
const CHANNELS = [32, 16, 24, 40, 80, 96, 192, 320];

/** MNASNet-B1 (Tan et al. 2019, arXiv:1807.11626): [n, 3, h, w] to logits [n, numClasses]. */
export class MNASNet extends Module {
  /** The convolutions: [n, 1280, h / 32, w / 32]. */
  readonly layers: Sequential;
  /** Layers that compute the logits. */
  classifier: Sequential;
  /** Arguments of the constructor. */
  protected readonly options: MNASNetArchitecture;

  /** Creates a network with weights drawn from the generator of the device; `dropout` is 0.2 by default. */
  constructor(options: MNASNetArchitecture = {}) {
    const { alpha = 1, numClasses = 1000, inChannels = 3, dropout = 0.2 } = readOptions(
      new.target.name,
      options,
      MNASNET_OPTIONS,
    );
    super();
    this.options = options;
    const [first, second, ...others] = CHANNELS.map((channels) => roundChannels(channels * alpha)) as [
      number,
      number,
      ...number[],
    ];
    let channels = second;
    const stages = STAGES.map(([kernelSize, stride, expansion, count], i) =>
      new Sequential(
        ...Array.from({ length: count }, (_, j) => {
          const inChannels = channels;
          channels = others[i]!;
          return new MNASNetBlock({
            inChannels,
            outChannels: channels,
            kernelSize,
            stride: j === 0 ? stride : 1,
            expansion,
          });
        }),
      )
    );
    this.layers = new Sequential(
      new Conv2d(inChannels, first, 3, { padding: 1, stride: 2, bias: false }),
      norm(first),
      new ReLU(),
      ...depthwise(first, 3, 1),
      new Conv2d(first, second, 1, { bias: false }),
      norm(second),
      ...stages,
      new Conv2d(channels, 1280, 1, { bias: false }),
      norm(1280),
      new ReLU(),
    );
    this.classifier = new Sequential(new Dropout(dropout), new Linear(1280, numClasses));
    initialize(this, {
      conv: heNormal,
      linear: (weight) => void init.kaimingUniform_(weight, { mode: "fanOut", nonlinearity: "sigmoid" }),
    });
  }

  /** Returns the logits of images. */
  override forward(x: Tensor): Tensor {
    return this.classifier(this.layers(x).mean([2, 3]));
  }

  /** Returns the constructor arguments that recreate this network. */
  override describe(): readonly unknown[] {
    return [this.options];
  }
}

/** Function that creates an {@linkcode MNASNet}. */
export type MNASNetFunction = ModelFunction<MNASNet, DropoutClassifierOptions>;

const mnasnet = (name: string, alpha: number): MNASNetFunction =>
  modelFunction(name, (options) => new MNASNet({ ...options, alpha }));

/** MNASNet with half the channels (2.2 million parameters); see {@linkcode MNASNet}. */
export const mnasnet0_5: MNASNetFunction = mnasnet("mnasnet0_5", 0.5);
/** MNASNet with three quarters of the channels (3.2 million parameters); see {@linkcode MNASNet}. */
export const mnasnet0_75: MNASNetFunction = mnasnet("mnasnet0_75", 0.75);
/** MNASNet (4.4 million parameters); see {@linkcode MNASNet}. */
export const mnasnet1_0: MNASNetFunction = mnasnet("mnasnet1_0", 1);
/** MNASNet with 1.3 times the channels (6.3 million parameters); see {@linkcode MNASNet}. */
export const mnasnet1_3: MNASNetFunction = mnasnet("mnasnet1_3", 1.3);
