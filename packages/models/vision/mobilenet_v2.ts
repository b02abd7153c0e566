/** MobileNetV2. */
import { adaptiveAvgPool2d, type Tensor } from "@troodon/core";
import { BatchNorm2d, Conv2d, Dropout, Linear, Module, Sequential } from "@troodon/nn";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { roundChannels } from "../blocks/channels.ts";
import { Conv2dNormActivation } from "../blocks/conv_2d_norm_activation.ts";
import { heNormal, initialize, normal } from "../blocks/initialize.ts";
import { DROPOUT_CLASSIFIER_OPTIONS, type DropoutClassifierOptions } from "../classifier_options.ts";
import { type ModelFunction, modelFunction } from "../model_function.ts";

/** Widened, convolved by channel, and narrowed again, beside the identity where the shape stays. */
export class MobileNetV2Block extends Module {
  /** The layers. */
  readonly conv: Sequential;
  /** Whether the input is added. */
  protected readonly residual: boolean;
  /** Arguments of the constructor. */
  protected readonly made: readonly [
    inChannels: number,
    outChannels: number,
    stride: number,
    expandRatio: number,
  ];

  /** [n, inChannels, h, w] to [n, outChannels, h / stride, w / stride] by way of `expandRatio * inChannels`. */
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

  /** The output of the layers, added to the input where it has its shape. */
  override forward(x: Tensor): Tensor {
    const y = this.conv(x);
    return this.residual ? x.add(y) : y;
  }

  /** The arguments that make a block like this one. */
  override describe(): readonly unknown[] {
    return this.made;
  }
}

/** Options of {@linkcode MobileNetV2}. */
export interface MobileNetV2Options extends DropoutClassifierOptions {
  /** Factor of all numbers of channels (default 1). */
  readonly widthMult?: number;
}
const MOBILENET_V2_OPTIONS: OptionKeys<MobileNetV2Options> = {
  widthMult: true,
  ...DROPOUT_CLASSIFIER_OPTIONS,
};

/** Stages by expansion, channels, blocks and first stride (table 2 of the paper). */
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
  /** The logits. */
  classifier: Sequential;
  /** Arguments of the constructor. */
  protected readonly options: MobileNetV2Options;

  /** A network with weights drawn from the generator of the device; `dropout` is 0.2 by default. */
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

  /** Logits of images. */
  override forward(x: Tensor): Tensor {
    return this.classifier(adaptiveAvgPool2d(this.features(x), 1).flatten(1));
  }

  /** The arguments that make a network like this one. */
  override describe(): readonly unknown[] {
    return [this.options];
  }
}

/** MobileNetV2 (3.5 million parameters); see {@linkcode MobileNetV2}. */
export const mobilenetV2: ModelFunction<MobileNetV2, MobileNetV2Options> = modelFunction(
  "mobilenet_v2",
  (options) => new MobileNetV2(options),
);
