/** ConvNeXt models. */
import { full, type Tensor } from "@troodon/core";
import {
  AdaptiveAvgPool2d,
  Conv2d,
  Flatten,
  GELU,
  init,
  LayerNorm,
  Linear,
  Module,
  Parameter,
  Sequential,
} from "@troodon/nn";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { Conv2dNormActivation } from "../blocks/conv_2d_norm_activation.ts";
import { initialize } from "../blocks/initialize.ts";
import { LayerNorm2d } from "../blocks/layer_norm_2d.ts";
import { Permute } from "../blocks/permute.ts";
import { StochasticDepth } from "../blocks/stochastic_depth.ts";
import { CLASSIFIER_OPTIONS, type ClassifierOptions } from "../classifier_options.ts";
import { type ModelFunction, modelFunction } from "../model_function.ts";

const norm = (channels: number): LayerNorm2d => new LayerNorm2d(channels, { eps: 1e-6 });

/**
 * A depthwise 7 x 7 convolution and two layers over the channels of each pixel, with a residual connection.
 */
export class CNBlock extends Module {
  /** Layer scale: a factor for each channel of the branch [dim, 1, 1]. */
  readonly layerScale: Parameter;
  /** Layers of the branch. */
  readonly block: Sequential;
  /** Stochastic depth: skips the layers at random while training. */
  readonly stochasticDepth: StochasticDepth;
  /** Arguments of the constructor. */
  protected readonly made: readonly [dim: number, layerScale: number, stochasticDepthProb: number];

  /** Creates a block of `dim` channels whose layer scale starts at `layerScale`. */
  constructor(dim: number, layerScale: number, stochasticDepthProb: number) {
    super();
    this.made = [dim, layerScale, stochasticDepthProb];
    using scale = full([dim, 1, 1], layerScale);
    this.layerScale = new Parameter(scale);
    this.block = new Sequential(
      new Conv2d(dim, dim, 7, { padding: 3, groups: dim }),
      new Permute([0, 2, 3, 1]),
      new LayerNorm(dim, { eps: 1e-6 }),
      new Linear(dim, 4 * dim),
      new GELU(),
      new Linear(4 * dim, dim),
      new Permute([0, 3, 1, 2]),
    );
    this.stochasticDepth = new StochasticDepth(stochasticDepthProb);
  }

  /** Adds the branch to the input: [n, dim, h, w] to the same shape. */
  override forward(x: Tensor): Tensor {
    return this.stochasticDepth(this.block(x).mul(this.layerScale)).add(x);
  }

  /** Returns the constructor arguments that recreate this block. */
  override describe(): readonly unknown[] {
    return this.made;
  }
}

/** Options of {@linkcode ConvNeXt} that its model functions accept. */
export interface ConvNeXtOptions extends ClassifierOptions {
  /** Stochastic depth: probability of skipping the last block while training, lower for earlier blocks. */
  readonly stochasticDepthProb?: number;
  /** Initial layer scale (default 1e-6). */
  readonly layerScale?: number;
}

/** Options of {@linkcode ConvNeXt}. */
export interface ConvNeXtArchitecture extends ConvNeXtOptions {
  /** Number of channels of each stage. */
  readonly channels: readonly number[];
  /** Number of blocks of each stage. */
  readonly numLayers: readonly number[];
}
const CONVNEXT_OPTIONS: OptionKeys<ConvNeXtArchitecture> = {
  channels: true,
  numLayers: true,
  stochasticDepthProb: true,
  layerScale: true,
  ...CLASSIFIER_OPTIONS,
};

/**
 * ConvNeXt (Liu et al. 2022, arXiv:2201.03545): [n, 3, h, w] to logits [n, numClasses], for images of at
 * least 32 x 32.
 */
export class ConvNeXt extends Module {
  /** The convolutions: [n, channels, h / 32, w / 32]. */
  readonly features: Sequential;
  /** Global average pooling. */
  readonly avgpool: AdaptiveAvgPool2d = new AdaptiveAvgPool2d(1);
  /** Normalization and classifier. */
  classifier: Sequential;
  /** Arguments of the constructor. */
  protected readonly options: ConvNeXtArchitecture;

  /**
   * Creates a network with weights drawn from the generator of the device; `stochasticDepthProb` is 0 by
   * default.
   */
  constructor(options: ConvNeXtArchitecture) {
    const {
      channels,
      numLayers,
      stochasticDepthProb = 0,
      layerScale = 1e-6,
      numClasses = 1000,
      inChannels = 3,
    } = readOptions(new.target.name, options, CONVNEXT_OPTIONS);
    super();
    this.options = options;
    const count = numLayers.reduce((sum, n) => sum + n, 0);
    let blocks = 0;
    const features: Module[] = [
      new Conv2dNormActivation(inChannels, channels[0]!, {
        kernelSize: 4,
        stride: 4,
        padding: 0,
        norm: "layerNorm",
        activation: null,
      }),
    ];
    for (const [i, dim] of channels.entries()) {
      features.push(
        new Sequential(
          ...Array.from(
            { length: numLayers[i]! },
            () => new CNBlock(dim, layerScale, stochasticDepthProb * blocks++ / Math.max(1, count - 1)),
          ),
        ),
      );
      const next = channels[i + 1];
      if (next !== undefined) {
        features.push(new Sequential(norm(dim), new Conv2d(dim, next, 2, { stride: 2 })));
      }
    }
    const last = channels.at(-1)!;
    this.features = new Sequential(...features);
    this.classifier = new Sequential(norm(last), new Flatten(1), new Linear(last, numClasses));
    const truncated = (weight: Tensor) => void init.truncNormal_(weight, 0, 0.02);
    initialize(this, { conv: truncated, linear: truncated });
  }

  /** Returns the logits of images. */
  override forward(x: Tensor): Tensor {
    return this.classifier(this.avgpool(this.features(x)));
  }

  /** Returns the constructor arguments that recreate this network. */
  override describe(): readonly unknown[] {
    return [this.options];
  }
}

/** Function that creates a {@linkcode ConvNeXt}. */
export type ConvNeXtFunction = ModelFunction<ConvNeXt, ConvNeXtOptions>;

function convnext(
  name: string,
  channels: readonly number[],
  numLayers: readonly number[],
  stochasticDepthProb: number,
): ConvNeXtFunction {
  return modelFunction(
    name,
    (options) => new ConvNeXt({ stochasticDepthProb, ...options, channels, numLayers }),
  );
}

/** The tiny ConvNeXt (28.6 million parameters); see {@linkcode ConvNeXt}. */
export const convnextTiny: ConvNeXtFunction = convnext(
  "convnext_tiny",
  [96, 192, 384, 768],
  [3, 3, 9, 3],
  0.1,
);
/** The small ConvNeXt (50.2 million parameters); see {@linkcode ConvNeXt}. */
export const convnextSmall: ConvNeXtFunction = convnext(
  "convnext_small",
  [96, 192, 384, 768],
  [3, 3, 27, 3],
  0.4,
);
/** ConvNeXt (88.6 million parameters); see {@linkcode ConvNeXt}. */
export const convnextBase: ConvNeXtFunction = convnext(
  "convnext_base",
  [128, 256, 512, 1024],
  [3, 3, 27, 3],
  0.5,
);
/** The large ConvNeXt (197.8 million parameters); see {@linkcode ConvNeXt}. */
export const convnextLarge: ConvNeXtFunction = convnext(
  "convnext_large",
  [192, 384, 768, 1536],
  [3, 3, 27, 3],
  0.5,
);
