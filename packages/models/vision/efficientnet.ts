/** EfficientNet models. */
import type { Tensor } from "@troodon/core";
import { AdaptiveAvgPool2d, Dropout, init, Linear, Module, Sequential } from "@troodon/nn";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { roundChannels } from "../blocks/channels.ts";
import { Conv2dNormActivation } from "../blocks/conv_2d_norm_activation.ts";
import { heNormal, initialize } from "../blocks/initialize.ts";
import { DROPOUT_CLASSIFIER_OPTIONS, type DropoutClassifierOptions } from "../classifier_options.ts";
import { type ModelFunction, modelFunction } from "../model_function.ts";
import { type EfficientNetNorm, FusedMBConv, MBConv } from "./efficientnet_blocks.ts";

/** Options of {@linkcode EfficientNet} that its model functions accept. */
export interface EfficientNetOptions extends DropoutClassifierOptions {
  /**
   * Stochastic depth: probability that a sample skips the last block while training, decreasing for earlier
   * blocks (default 0.2).
   */
  readonly stochasticDepthProb?: number;
}

/** Configuration of a stage: consecutive blocks of one kind. */
export interface EfficientNetStage {
  /** Kind of the blocks: `"fused"` for {@linkcode FusedMBConv}. */
  readonly block: "mbconv" | "fused";
  /** Expansion factor: inner channels per input channel. */
  readonly expandRatio: number;
  /** Height and width of the windows. */
  readonly kernelSize: number;
  /** Stride of the first block. */
  readonly stride: number;
  /** Channels of the input. */
  readonly inChannels: number;
  /** Channels of the output. */
  readonly outChannels: number;
  /** Number of blocks. */
  readonly numLayers: number;
}

/** Options of {@linkcode EfficientNet}. */
export interface EfficientNetArchitecture extends EfficientNetOptions {
  /** Configuration of each stage. */
  readonly stages: readonly EfficientNetStage[];
  /** Number of channels of the last convolution (default: four times those of the last stage). */
  readonly lastChannel?: number;
  /** Options of the normalizations (default `{}`). */
  readonly norm?: EfficientNetNorm;
}
const EFFICIENTNET_OPTIONS: OptionKeys<EfficientNetArchitecture> = {
  stages: true,
  stochasticDepthProb: true,
  norm: true,
  lastChannel: true,
  ...DROPOUT_CLASSIFIER_OPTIONS,
};

/**
 * EfficientNet (Tan and Le 2019, arXiv:1905.11946; V2: 2021, arXiv:2104.00298): [n, 3, h, w] to logits
 * [n, numClasses].
 */
export class EfficientNet extends Module {
  /** The convolutions: [n, channels, h / 32, w / 32]. */
  readonly features: Sequential;
  /** Global average pooling. */
  readonly avgpool: AdaptiveAvgPool2d = new AdaptiveAvgPool2d(1);
  /** Layers that compute the logits. */
  classifier: Sequential;
  /** Arguments of the constructor. */
  protected readonly options: EfficientNetArchitecture;

  /** Creates a network with weights drawn from the generator of the device; `dropout` is 0.2 by default. */
  constructor(options: EfficientNetArchitecture) {
    const { stages, lastChannel, stochasticDepthProb = 0.2, norm = {}, dropout = 0.2 } = readOptions(
      new.target.name,
      options,
      EFFICIENTNET_OPTIONS,
    );
    const { numClasses = 1000, inChannels = 3 } = options, activation = "silu";
    super();
    this.options = options;
    const count = stages.reduce((sum, { numLayers }) => sum + numLayers, 0);
    let blocks = 0;
    const features: Module[] = [
      new Conv2dNormActivation(inChannels, stages[0]!.inChannels, { stride: 2, norm, activation }),
    ];
    for (const { block, numLayers, ...sizes } of stages) {
      const Block = block === "fused" ? FusedMBConv : MBConv;
      features.push(
        new Sequential(
          ...Array.from({ length: numLayers }, (_, i) =>
            new Block({
              ...sizes,
              ...(i > 0 && { inChannels: sizes.outChannels, stride: 1 }),
              stochasticDepthProb: stochasticDepthProb * blocks++ / count,
              norm,
            })),
        ),
      );
    }
    const channels = stages.at(-1)!.outChannels, last = lastChannel ?? 4 * channels;
    features.push(new Conv2dNormActivation(channels, last, { kernelSize: 1, norm, activation }));
    this.features = new Sequential(...features);
    this.classifier = new Sequential(new Dropout(dropout), new Linear(last, numClasses));
    const range = 1 / Math.sqrt(numClasses);
    initialize(this, { conv: heNormal, linear: (weight) => void init.uniform_(weight, -range, range) });
  }

  /** Returns the logits of images. */
  override forward(x: Tensor): Tensor {
    return this.classifier(this.avgpool(this.features(x)).flatten(1));
  }

  /** Returns the constructor arguments that recreate this network. */
  override describe(): readonly unknown[] {
    return [this.options];
  }
}

/** Function that creates an {@linkcode EfficientNet}. */
export type EfficientNetFunction = ModelFunction<EfficientNet, EfficientNetOptions>;

/** Kind, expansion, window, stride, input and output channels, number of blocks. */
type Row = readonly [EfficientNetStage["block"], number, number, number, number, number, number];

const stageOf = (
  [block, expandRatio, kernelSize, stride, inChannels, outChannels, numLayers]: Row,
): EfficientNetStage => ({ block, expandRatio, kernelSize, stride, inChannels, outChannels, numLayers });

const B0: readonly Row[] = [
  ["mbconv", 1, 3, 1, 32, 16, 1],
  ["mbconv", 6, 3, 2, 16, 24, 2],
  ["mbconv", 6, 5, 2, 24, 40, 2],
  ["mbconv", 6, 3, 2, 40, 80, 3],
  ["mbconv", 6, 5, 1, 80, 112, 3],
  ["mbconv", 6, 5, 2, 112, 192, 4],
  ["mbconv", 6, 3, 1, 192, 320, 1],
];
const V2_S: readonly Row[] = [
  ["fused", 1, 3, 1, 24, 24, 2],
  ["fused", 4, 3, 2, 24, 48, 4],
  ["fused", 4, 3, 2, 48, 64, 4],
  ["mbconv", 4, 3, 2, 64, 128, 6],
  ["mbconv", 6, 3, 1, 128, 160, 9],
  ["mbconv", 6, 3, 2, 160, 256, 15],
];
const V2_M: readonly Row[] = [
  ["fused", 1, 3, 1, 24, 24, 3],
  ["fused", 4, 3, 2, 24, 48, 5],
  ["fused", 4, 3, 2, 48, 80, 5],
  ["mbconv", 4, 3, 2, 80, 160, 7],
  ["mbconv", 6, 3, 1, 160, 176, 14],
  ["mbconv", 6, 3, 2, 176, 304, 18],
  ["mbconv", 6, 3, 1, 304, 512, 5],
];
const V2_L: readonly Row[] = [
  ["fused", 1, 3, 1, 32, 32, 4],
  ["fused", 4, 3, 2, 32, 64, 7],
  ["fused", 4, 3, 2, 64, 96, 7],
  ["mbconv", 4, 3, 2, 96, 192, 10],
  ["mbconv", 6, 3, 1, 192, 224, 19],
  ["mbconv", 6, 3, 2, 224, 384, 25],
  ["mbconv", 6, 3, 1, 384, 640, 7],
];

/** Scales the channels and the numbers of blocks of B0. */
function scaled(
  name: string,
  widthMult: number,
  depthMult: number,
  dropout: number,
  norm: EfficientNetNorm = {},
): EfficientNetFunction {
  const stages = B0.map(stageOf).map((stage) => ({
    ...stage,
    inChannels: roundChannels(stage.inChannels * widthMult),
    outChannels: roundChannels(stage.outChannels * widthMult),
    numLayers: Math.ceil(stage.numLayers * depthMult),
  }));
  return modelFunction(name, (options) => new EfficientNet({ dropout, ...options, stages, norm }));
}

function second(name: string, rows: readonly Row[], dropout: number): EfficientNetFunction {
  const fixed = { stages: rows.map(stageOf), lastChannel: 1280, norm: { eps: 1e-3 } };
  return modelFunction(name, (options) => new EfficientNet({ dropout, ...options, ...fixed }));
}

// B5 and larger use the normalization parameters of TensorFlow.
const TENSORFLOW = { eps: 0.001, momentum: 0.01 };

/** EfficientNet B0 (5.3 million parameters); see {@linkcode EfficientNet}. */
export const efficientnetB0: EfficientNetFunction = scaled("efficientnet_b0", 1, 1, 0.2);
/** EfficientNet B1 (7.8 million parameters); see {@linkcode EfficientNet}. */
export const efficientnetB1: EfficientNetFunction = scaled("efficientnet_b1", 1, 1.1, 0.2);
/** EfficientNet B2 (9.1 million parameters); see {@linkcode EfficientNet}. */
export const efficientnetB2: EfficientNetFunction = scaled("efficientnet_b2", 1.1, 1.2, 0.3);
/** EfficientNet B3 (12.2 million parameters); see {@linkcode EfficientNet}. */
export const efficientnetB3: EfficientNetFunction = scaled("efficientnet_b3", 1.2, 1.4, 0.3);
/** EfficientNet B4 (19.3 million parameters); see {@linkcode EfficientNet}. */
export const efficientnetB4: EfficientNetFunction = scaled("efficientnet_b4", 1.4, 1.8, 0.4);
/** EfficientNet B5 (30.4 million parameters); see {@linkcode EfficientNet}. */
export const efficientnetB5: EfficientNetFunction = scaled("efficientnet_b5", 1.6, 2.2, 0.4, TENSORFLOW);
/** EfficientNet B6 (43.0 million parameters); see {@linkcode EfficientNet}. */
export const efficientnetB6: EfficientNetFunction = scaled("efficientnet_b6", 1.8, 2.6, 0.5, TENSORFLOW);
/** EfficientNet B7 (66.3 million parameters); see {@linkcode EfficientNet}. */
export const efficientnetB7: EfficientNetFunction = scaled("efficientnet_b7", 2, 3.1, 0.5, TENSORFLOW);
/** The small EfficientNetV2 (21.5 million parameters); see {@linkcode EfficientNet}. */
export const efficientnetV2S: EfficientNetFunction = second("efficientnet_v2_s", V2_S, 0.2);
/** The medium EfficientNetV2 (54.1 million parameters); see {@linkcode EfficientNet}. */
export const efficientnetV2M: EfficientNetFunction = second("efficientnet_v2_m", V2_M, 0.3);
/** The large EfficientNetV2 (118.5 million parameters); see {@linkcode EfficientNet}. */
export const efficientnetV2L: EfficientNetFunction = second("efficientnet_v2_l", V2_L, 0.4);
