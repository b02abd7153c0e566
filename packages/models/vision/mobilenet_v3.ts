/** MobileNetV3 models. */
import type { Tensor } from "@troodon/core";
import { AdaptiveAvgPool2d, Dropout, Hardswish, Linear, Module, Sequential } from "@troodon/nn";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { roundChannels } from "../blocks/channels.ts";
import { Conv2dNormActivation } from "../blocks/conv_2d_norm_activation.ts";
import { heNormal, initialize, normal } from "../blocks/initialize.ts";
import { SqueezeExcitation } from "../blocks/squeeze_excitation.ts";
import { DROPOUT_CLASSIFIER_OPTIONS, type DropoutClassifierOptions } from "../classifier_options.ts";
import { type ModelFunction, modelFunction } from "../model_function.ts";

const NORM = { eps: 0.001, momentum: 0.01 };

/** Sizes of a block of MobileNetV3. */
export interface MobileNetV3BlockOptions {
  /** Channels of the input. */
  readonly inChannels: number;
  /** Height and width of the window. */
  readonly kernelSize: number;
  /** Number of inner channels. */
  readonly expandedChannels: number;
  /** Channels of the output. */
  readonly outChannels: number;
  /** If true, applies {@linkcode SqueezeExcitation}. */
  readonly squeeze: boolean;
  /** Activation. */
  readonly activation: "relu" | "hardswish";
  /** Stride of the window. */
  readonly stride: number;
  /** Dilation of the window; values other than 1 replace the stride (default 1). */
  readonly dilation?: number;
}

/**
 * Inverted residual: expansion, depthwise convolution, squeeze and excitation, projection, with a residual
 * connection if the shape is unchanged.
 */
export class MobileNetV3Block extends Module {
  /** The layers. */
  readonly block: Sequential;
  /** Arguments of the constructor. */
  protected readonly options: MobileNetV3BlockOptions;

  /** Creates a block with the default initialization of its layers. */
  constructor(options: MobileNetV3BlockOptions) {
    super();
    this.options = options;
    const { inChannels, kernelSize, expandedChannels: width, outChannels, activation, dilation = 1 } =
      options;
    const layers: Module[] = [];
    if (width !== inChannels) {
      layers.push(new Conv2dNormActivation(inChannels, width, { kernelSize: 1, norm: NORM, activation }));
    }
    const stride = dilation > 1 ? 1 : options.stride;
    layers.push(
      new Conv2dNormActivation(width, width, {
        kernelSize,
        stride,
        dilation,
        groups: width,
        norm: NORM,
        activation,
      }),
    );
    if (options.squeeze) {
      layers.push(new SqueezeExcitation(width, roundChannels(Math.floor(width / 4)), "relu", "hardsigmoid"));
    }
    layers.push(
      new Conv2dNormActivation(width, outChannels, { kernelSize: 1, norm: NORM, activation: null }),
    );
    this.block = new Sequential(...layers);
  }

  /** Applies the layers, and adds the input if it has the shape of the output. */
  override forward(x: Tensor): Tensor {
    const { stride, inChannels, outChannels } = this.options, y = this.block(x);
    return stride === 1 && inChannels === outChannels ? y.add(x) : y;
  }

  /** Returns the constructor arguments that recreate this block. */
  override describe(): readonly unknown[] {
    return [this.options];
  }
}

/** Options of {@linkcode MobileNetV3} that its model functions accept. */
export interface MobileNetV3Options extends DropoutClassifierOptions {
  /** Width multiplier: factor of all numbers of channels (default 1). */
  readonly widthMult?: number;
  /** If true, halves the channels of the last stage (default false). */
  readonly reducedTail?: boolean;
  /**
   * If true, the last stage uses dilation instead of stride, which keeps height and width (default false).
   */
  readonly dilated?: boolean;
}

/** Options of {@linkcode MobileNetV3}. */
export interface MobileNetV3Architecture extends MobileNetV3Options {
  /** Size of the architecture: large (table 1 of the paper) or small (table 2). */
  readonly size: "large" | "small";
}
const MOBILENET_V3_OPTIONS: OptionKeys<MobileNetV3Architecture> = {
  size: true,
  widthMult: true,
  reducedTail: true,
  dilated: true,
  ...DROPOUT_CLASSIFIER_OPTIONS,
};

/** Window, inner channels, channels, squeeze and excitation, activation, stride. */
type Row = readonly [
  kernelSize: number,
  expanded: number,
  channels: number,
  squeeze: boolean,
  "relu" | "hardswish",
  stride: number,
];

/**
 * Blocks before the last stage; blocks of the last stage, whose channels may be halved; units before the
 * logits.
 */
const TABLES: Readonly<Record<"large" | "small", readonly [readonly Row[], readonly Row[], number]>> = {
  large: [
    [
      [3, 16, 16, false, "relu", 1],
      [3, 64, 24, false, "relu", 2],
      [3, 72, 24, false, "relu", 1],
      [5, 72, 40, true, "relu", 2],
      [5, 120, 40, true, "relu", 1],
      [5, 120, 40, true, "relu", 1],
      [3, 240, 80, false, "hardswish", 2],
      [3, 200, 80, false, "hardswish", 1],
      [3, 184, 80, false, "hardswish", 1],
      [3, 184, 80, false, "hardswish", 1],
      [3, 480, 112, true, "hardswish", 1],
      [3, 672, 112, true, "hardswish", 1],
    ],
    [
      [5, 672, 160, true, "hardswish", 2],
      [5, 960, 160, true, "hardswish", 1],
      [5, 960, 160, true, "hardswish", 1],
    ],
    1280,
  ],
  small: [
    [
      [3, 16, 16, true, "relu", 2],
      [3, 72, 24, false, "relu", 2],
      [3, 88, 24, false, "relu", 1],
      [5, 96, 40, true, "hardswish", 2],
      [5, 240, 40, true, "hardswish", 1],
      [5, 240, 40, true, "hardswish", 1],
      [5, 120, 48, true, "hardswish", 1],
      [5, 144, 48, true, "hardswish", 1],
    ],
    [
      [5, 288, 96, true, "hardswish", 2],
      [5, 576, 96, true, "hardswish", 1],
      [5, 576, 96, true, "hardswish", 1],
    ],
    1024,
  ],
};

/** MobileNetV3 (Howard et al. 2019, arXiv:1905.02244): [n, 3, h, w] to logits [n, numClasses]. */
export class MobileNetV3 extends Module {
  /** The convolutions: [n, channels, h / 32, w / 32]. */
  readonly features: Sequential;
  /** Global average pooling. */
  readonly avgpool: AdaptiveAvgPool2d = new AdaptiveAvgPool2d(1);
  /** Two layers that compute the logits. */
  classifier: Sequential;
  /** Arguments of the constructor. */
  protected readonly options: MobileNetV3Architecture;

  /** Creates a network with weights drawn from the generator of the device; `dropout` is 0.2 by default. */
  constructor(options: MobileNetV3Architecture) {
    const { size, widthMult = 1, reducedTail = false, dilated = false, dropout = 0.2 } = readOptions(
      new.target.name,
      options,
      MOBILENET_V3_OPTIONS,
    );
    const { numClasses = 1000, inChannels = 3 } = options;
    super();
    this.options = options;
    const [rows, tail, units] = TABLES[size], divisor = reducedTail ? 2 : 1;
    const width = (channels: number): number => roundChannels(channels * widthMult);
    let channels = width(16);
    const features: Module[] = [
      new Conv2dNormActivation(inChannels, channels, { stride: 2, norm: NORM, activation: "hardswish" }),
    ];
    const add = (
      [kernelSize, expanded, wanted, squeeze, activation, stride]: Row,
      dilation: number,
    ): void => {
      const outChannels = width(wanted);
      features.push(
        new MobileNetV3Block({
          inChannels: channels,
          kernelSize,
          expandedChannels: width(expanded),
          outChannels,
          squeeze,
          activation,
          stride,
          dilation,
        }),
      );
      channels = outChannels;
    };
    for (const row of rows) add(row, 1);
    for (const [i, [kernelSize, expanded, wanted, ...others]] of tail.entries()) {
      const narrowed = i === 0 ? expanded : Math.floor(expanded / divisor);
      add([kernelSize, narrowed, Math.floor(wanted / divisor), ...others], dilated ? 2 : 1);
    }
    const last = 6 * channels, hidden = width(Math.floor(units / divisor));
    features.push(
      new Conv2dNormActivation(channels, last, { kernelSize: 1, norm: NORM, activation: "hardswish" }),
    );
    this.features = new Sequential(...features);
    this.classifier = new Sequential(
      new Linear(last, hidden),
      new Hardswish(),
      new Dropout(dropout),
      new Linear(hidden, numClasses),
    );
    initialize(this, { conv: heNormal, linear: normal(0.01) });
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

/** Function that creates a {@linkcode MobileNetV3}. */
export type MobileNetV3Function = ModelFunction<MobileNetV3, MobileNetV3Options>;

/** The large MobileNetV3 (5.5 million parameters); see {@linkcode MobileNetV3}. */
export const mobilenetV3Large: MobileNetV3Function = modelFunction(
  "mobilenet_v3_large",
  (options) => new MobileNetV3({ ...options, size: "large" }),
);
/** The small MobileNetV3 (2.5 million parameters); see {@linkcode MobileNetV3}. */
export const mobilenetV3Small: MobileNetV3Function = modelFunction(
  "mobilenet_v3_small",
  (options) => new MobileNetV3({ ...options, size: "small" }),
);
