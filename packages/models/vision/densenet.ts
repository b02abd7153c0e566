/** DenseNet models. */
import { adaptiveAvgPool2d, cat, dropout, relu, type Tensor } from "@troodon/core";
import {
  AvgPool2d,
  BatchNorm2d,
  Conv2d,
  init,
  Linear,
  MaxPool2d,
  Module,
  ModuleDict,
  ReLU,
  Sequential,
} from "@troodon/nn";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { initialize } from "../blocks/initialize.ts";
import { CLASSIFIER_OPTIONS, type ClassifierOptions } from "../classifier_options.ts";
import { type ModelFunction, modelFunction } from "../model_function.ts";

/** Options of {@linkcode DenseNet} that its model functions accept. */
export interface DenseNetOptions extends ClassifierOptions {
  /** Width of the 1 x 1 convolutions, as a multiple of the growth rate (default 4). */
  readonly bnSize?: number;
  /** Dropout probability of each layer's new channels (default 0). */
  readonly dropRate?: number;
}

/** Options of {@linkcode DenseNet}. */
export interface DenseNetArchitecture extends DenseNetOptions {
  /** Growth rate: channels added by each layer (default 32). */
  readonly growthRate?: number;
  /** Number of layers of each block (default `[6, 12, 24, 16]`). */
  readonly blockConfig?: readonly [number, number, number, number];
  /** Number of channels before the first block (default 64). */
  readonly numInitFeatures?: number;
}
const DENSENET_OPTIONS: OptionKeys<DenseNetArchitecture> = {
  growthRate: true,
  blockConfig: true,
  numInitFeatures: true,
  bnSize: true,
  dropRate: true,
  ...CLASSIFIER_OPTIONS,
};

/** Sizes of a {@linkcode DenseLayer}. */
export interface DenseLayerOptions {
  /** Channels of the input. */
  readonly inChannels: number;
  /** Channels of the output. */
  readonly growthRate: number;
  /** Width of the first convolution, as a multiple of the growth rate. */
  readonly bnSize: number;
  /** Dropout probability of the new channels. */
  readonly dropRate: number;
}

/** Layer of a dense block: [n, inChannels, h, w] to its new channels [n, growthRate, h, w]. */
export class DenseLayer extends Module {
  /** Precedes the first convolution. */
  readonly norm1: BatchNorm2d;
  /** Precedes the first convolution. */
  readonly relu1: ReLU = new ReLU();
  /** First convolution, of 1 x 1. */
  readonly conv1: Conv2d;
  /** Precedes the second convolution. */
  readonly norm2: BatchNorm2d;
  /** Precedes the second convolution. */
  readonly relu2: ReLU = new ReLU();
  /** Second convolution, of 3 x 3. */
  readonly conv2: Conv2d;
  /** Arguments of the constructor. */
  protected readonly options: DenseLayerOptions;

  /** Creates a layer with the default initialization of its layers. */
  constructor(options: DenseLayerOptions) {
    super();
    const { inChannels, growthRate, bnSize } = options;
    this.options = options;
    this.norm1 = new BatchNorm2d(inChannels);
    this.conv1 = new Conv2d(inChannels, bnSize * growthRate, 1, { bias: false });
    this.norm2 = new BatchNorm2d(bnSize * growthRate);
    this.conv2 = new Conv2d(bnSize * growthRate, growthRate, 3, { padding: 1, bias: false });
  }

  /** Returns the new channels. */
  override forward(x: Tensor): Tensor {
    x = this.conv1(this.relu1(this.norm1(x)));
    x = this.conv2(this.relu2(this.norm2(x)));
    const { dropRate } = this.options;
    return dropRate > 0 ? dropout(x, { p: dropRate, training: this.training }) : x;
  }

  /** Returns the constructor arguments that recreate this layer. */
  override describe(): readonly unknown[] {
    return [this.options];
  }
}

/**
 * Dense block: each layer receives the channels of all earlier ones, [n, c, h, w] to
 * [n, c + layers * growthRate, h, w].
 */
export class DenseBlock extends ModuleDict<DenseLayer> {
  /** Creates a block of layers in order, named `denselayer1`, `denselayer2` and so on. */
  constructor(layers: readonly DenseLayer[]) {
    super(layers.map((layer, i) => [`denselayer${i + 1}`, layer] as const));
  }

  /** Returns the input and the new channels of each layer, concatenated. */
  override forward(x?: Tensor): Tensor {
    if (x === undefined) throw new TypeError("Cannot call forward() of DenseBlock without a tensor");
    // Concatenate after each layer: concatenating everything again would copy the first channels once more
    // per layer.
    let all: Tensor = x;
    for (const layer of this.values()) all = cat([all, layer(all)], 1);
    return all;
  }

  /** Returns the constructor arguments that recreate this block. */
  override describe(): readonly unknown[] {
    return [[...this.values()]];
  }
}

/** Transition layer that halves channels, height and width. */
function transition(channels: number): Sequential {
  return new Sequential({
    norm: new BatchNorm2d(channels),
    relu: new ReLU(),
    conv: new Conv2d(channels, Math.floor(channels / 2), 1, { bias: false }),
    pool: new AvgPool2d(2),
  });
}

/**
 * DenseNet (Huang et al. 2017, arXiv:1608.06993): [n, 3, h, w] to logits [n, numClasses], for images of at
 * least 29 x 29.
 */
export class DenseNet extends Module {
  /** Dense blocks and transitions: [n, channels, h / 32, w / 32]. */
  readonly features: Sequential;
  /** Layers that compute the logits. */
  classifier: Linear;
  /** Arguments of the constructor. */
  protected readonly options: DenseNetArchitecture;

  /** Creates a network with weights drawn from the generator of the device. */
  constructor(options: DenseNetArchitecture = {}) {
    const { growthRate = 32, blockConfig = [6, 12, 24, 16], numInitFeatures = 64, bnSize = 4, dropRate = 0 } =
      readOptions(new.target.name, options, DENSENET_OPTIONS);
    const { numClasses = 1000, inChannels = 3 } = options;
    super();
    this.options = options;
    const features: Record<string, Module> = {
      conv0: new Conv2d(inChannels, numInitFeatures, 7, { stride: 2, padding: 3, bias: false }),
      norm0: new BatchNorm2d(numInitFeatures),
      relu0: new ReLU(),
      pool0: new MaxPool2d(3, { stride: 2, padding: 1 }),
    };
    let channels = numInitFeatures;
    for (const [i, count] of blockConfig.entries()) {
      features[`denseblock${i + 1}`] = new DenseBlock(
        Array.from(
          { length: count },
          (_, j) => new DenseLayer({ inChannels: channels + j * growthRate, growthRate, bnSize, dropRate }),
        ),
      );
      channels += count * growthRate;
      if (i === blockConfig.length - 1) break;
      features[`transition${i + 1}`] = transition(channels);
      channels = Math.floor(channels / 2);
    }
    features.norm5 = new BatchNorm2d(channels);
    this.features = new Sequential(features);
    this.classifier = new Linear(channels, numClasses);
    initialize(this, { conv: (weight) => void init.kaimingNormal_(weight) });
    if (this.classifier.bias) init.zeros_(this.classifier.bias);
  }

  /** Returns the logits of images. */
  override forward(x: Tensor): Tensor {
    return this.classifier(adaptiveAvgPool2d(relu(this.features(x)), 1).flatten(1));
  }

  /** Returns the constructor arguments that recreate this network. */
  override describe(): readonly unknown[] {
    return [{ ...this.options, numClasses: this.classifier.outFeatures }];
  }
}

/** Function that creates a {@linkcode DenseNet}. */
export type DenseNetFunction = ModelFunction<DenseNet, DenseNetOptions>;

/** Maps names in files of older versions: `denselayer1.norm.1.weight` to `denselayer1.norm1.weight`. */
const renamed = (name: string): string =>
  name.replace(/(denselayer\d+\.(?:norm|relu|conv))\.([12]\.)/, "$1$2");

const densenet = (
  name: string,
  growthRate: number,
  blockConfig: NonNullable<DenseNetArchitecture["blockConfig"]>,
  numInitFeatures: number,
): DenseNetFunction =>
  modelFunction(
    name,
    (options) => new DenseNet({ ...options, growthRate, blockConfig, numInitFeatures }),
    renamed,
  );

/** DenseNet of 121 layers (8.0 million parameters); see {@linkcode DenseNet}. */
export const densenet121: DenseNetFunction = densenet("densenet121", 32, [6, 12, 24, 16], 64);
/** DenseNet of 161 layers (28.7 million parameters); see {@linkcode DenseNet}. */
export const densenet161: DenseNetFunction = densenet("densenet161", 48, [6, 12, 36, 24], 96);
/** DenseNet of 169 layers (14.1 million parameters); see {@linkcode DenseNet}. */
export const densenet169: DenseNetFunction = densenet("densenet169", 32, [6, 12, 32, 32], 64);
/** DenseNet of 201 layers (20.0 million parameters); see {@linkcode DenseNet}. */
export const densenet201: DenseNetFunction = densenet("densenet201", 32, [6, 12, 48, 32], 64);
