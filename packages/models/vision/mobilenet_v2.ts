/** MobileNetV2 model. */
import { adaptiveAvgPool2d, type Tensor } from "@troodon/core";
import { BatchNorm2d, Conv2d, Dropout, Linear, Module, Sequential } from "@troodon/nn";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { roundChannels } from "../blocks/channels.ts";
import { Conv2dNormActivation } from "../blocks/conv_2d_norm_activation.ts";
import { heNormal, initialize, normal } from "../blocks/initialize.ts";
import { DROPOUT_CLASSIFIER_OPTIONS, type DropoutClassifierOptions } from "../classifier_options.ts";
import { type ModelFunction, modelFunction } from "../model_function.ts";

/**
 * Inverted residual: expansion, depthwise convolution, projection, with a residual connection if the shape is
 * unchanged.
 */
export class MobileNetV2Block extends Module {
  /** The layers. */
  readonly conv: Sequential;
  /** True if the input is added to the output. */
  protected readonly residual: boolean;
  /** Arguments of the constructor. */
  protected readonly made: readonly [
    inChannels: number,
    outChannels: number,
    stride: number,
    expandRatio: number,
  ];

  /**
   * Creates a block [n, inChannels, h, w] to [n, outChannels, h / stride, w / stride] with
   * `expandRatio * inChannels` inner channels.
   */
  constructor(inChannels: number, outChannels: number, stride: number, expandRatio: number) {
    super();
    this.made = [inChannels, outChannels, stride, expandRatio];
    this.residual = stride === 1 && inChannels === outChannels;
    const width = Math.round(inChannels * expandRatio), activation = "relu6";
    const layers: Module[] = [
      new Conv2dNormActivation(width, width, { stride, groups: width, activation }),
      new Conv2d(width, outChannels, 1, { bias: false }),
      new BatchNorm2d(outChannels),
    ];
    if (expandRatio !== 1) {
      layers.unshift(new Conv2dNormActivation(inChannels, width, { kernelSize: 1, activation }));
    }
    this.conv = new Sequential(...layers);
  }

  /** Applies the layers, and adds the input if it has the shape of the output. */
  override forward(x: Tensor): Tensor {
    const y = this.conv(x);
    return this.residual ? x.add(y) : y;
  }

  /** Returns the constructor arguments that recreate this block. */
  override describe(): readonly unknown[] {
    return this.made;
  }
}

/** Options of {@linkcode MobileNetV2}. */
export interface MobileNetV2Options extends DropoutClassifierOptions {
  /** Width multiplier: factor of all numbers of channels (default 1). */
  readonly widthMult?: number;
}
const MOBILENET_V2_OPTIONS: OptionKeys<MobileNetV2Options> = {
  widthMult: true,
  ...DROPOUT_CLASSIFIER_OPTIONS,
};

/** Expansion, channels, number of blocks and first stride of each stage (table 2 of the paper). */
const STAGES = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

/** MobileNetV2 (Sandler et al. 2018, arXiv:1801.04381): [n, 3, h, w] to logits [n, numClasses]. */
export class MobileNetV2 extends Module {
  /** The convolutions: [n, channels, h / 32, w / 32]. */
  readonly features: Sequential;
  /** Layers that compute the logits. */
  classifier: Sequential;
  /** Arguments of the constructor. */
  protected readonly options: MobileNetV2Options;

  /** Creates a network with weights drawn from the generator of the device; `dropout` is 0.2 by default. */
  constructor(options: MobileNetV2Options = {}) {
    const { widthMult = 1, numClasses = 1000, inChannels = 3, dropout = 0.2 } = readOptions(
      new.target.name,
      options,
      MOBILENET_V2_OPTIONS,
    );
    super();
    this.options = options;
    const activation = "relu6", last = roundChannels(1280 * Math.max(1, widthMult));
    let channels = roundChannels(32 * widthMult);
    const features: Module[] = [new Conv2dNormActivation(inChannels, channels, { stride: 2, activation })];
    for (const [expandRatio, outChannels, count, stride] of STAGES) {
      for (let i = 0; i < count; i++) {
        const width = roundChannels(outChannels * widthMult);
        features.push(new MobileNetV2Block(channels, width, i === 0 ? stride : 1, expandRatio));
        channels = width;
      }
    }
    features.push(new Conv2dNormActivation(channels, last, { kernelSize: 1, activation }));
    this.features = new Sequential(...features);
    this.classifier = new Sequential(new Dropout(dropout), new Linear(last, numClasses));
    initialize(this, { conv: heNormal, linear: normal(0.01) });
  }

  /** Returns the logits of images. */
  override forward(x: Tensor): Tensor {
    return this.classifier(adaptiveAvgPool2d(this.features(x), 1).flatten(1));
  }

  /** Returns the constructor arguments that recreate this network. */
  override describe(): readonly unknown[] {
    return [this.options];
  }
}

/** MobileNetV2 (3.5 million parameters); see {@linkcode MobileNetV2}. */
export const mobilenetV2: ModelFunction<MobileNetV2, MobileNetV2Options> = modelFunction(
  "mobilenet_v2",
  (options) => new MobileNetV2(options),
);
