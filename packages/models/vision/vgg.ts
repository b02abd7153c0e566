/** VGG models. */
import type { Tensor } from "@troodon/core";
import {
  AdaptiveAvgPool2d,
  BatchNorm2d,
  Conv2d,
  Dropout,
  Linear,
  MaxPool2d,
  Module,
  ReLU,
  Sequential,
} from "@troodon/nn";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { heNormal, initialize, normal } from "../blocks/initialize.ts";
import { DROPOUT_CLASSIFIER_OPTIONS, type DropoutClassifierOptions } from "../classifier_options.ts";
import { type ModelFunction, modelFunction } from "../model_function.ts";

/** Options of {@linkcode VGG}. */
export interface VGGOptions extends DropoutClassifierOptions {
  /**
   * Number of convolutions of each of the five stages: 1 or 2 in the first two, 2 to 4 in the others (default
   * `[1, 1, 2, 2, 2]`).
   */
  readonly layers?: readonly [number, number, number, number, number];
  /** If true, batch normalization follows each convolution (default false). */
  readonly batchNorm?: boolean;
}
const VGG_OPTIONS: OptionKeys<VGGOptions> = { ...DROPOUT_CLASSIFIER_OPTIONS, layers: true, batchNorm: true };

const WIDTHS = [64, 128, 256, 512, 512];

/**
 * VGG: stages of 3 x 3 convolutions and pooling (Simonyan and Zisserman 2015, arXiv:1409.1556), [n, 3, h, w]
 * to logits [n, numClasses], for images of at least 32 x 32.
 */
export class VGG extends Module {
  /** The convolutions: [n, 512, h / 32, w / 32]. */
  readonly features: Sequential;
  /** Adaptive pooling to 7 x 7. */
  readonly avgpool: AdaptiveAvgPool2d = new AdaptiveAvgPool2d([7, 7]);
  /** Three layers that compute the logits. */
  classifier: Sequential;
  /** Arguments of the constructor. */
  protected readonly options: VGGOptions;

  /** Creates a network with weights drawn from the generator of the device; `dropout` is 0.5 by default. */
  constructor(options: VGGOptions = {}) {
    const { numClasses = 1000, inChannels = 3, dropout = 0.5, layers = [1, 1, 2, 2, 2], batchNorm = false } =
      readOptions(new.target.name, options, VGG_OPTIONS);
    super();
    this.options = options;
    const features: Module[] = [];
    let channels = inChannels;
    for (const [stage, count] of layers.entries()) {
      for (let i = 0; i < count; i++) {
        const width = WIDTHS[stage]!;
        features.push(new Conv2d(channels, width, 3, { padding: 1 }));
        if (batchNorm) features.push(new BatchNorm2d(width));
        features.push(new ReLU());
        channels = width;
      }
      features.push(new MaxPool2d(2));
    }
    this.features = new Sequential(...features);
    this.classifier = new Sequential(
      new Linear(512 * 7 * 7, 4096),
      new ReLU(),
      new Dropout(dropout),
      new Linear(4096, 4096),
      new ReLU(),
      new Dropout(dropout),
      new Linear(4096, numClasses),
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

/** Function that creates a {@linkcode VGG}. */
export type VGGFunction = ModelFunction<VGG, DropoutClassifierOptions>;

const vgg = (name: string, layers: NonNullable<VGGOptions["layers"]>, batchNorm = false): VGGFunction =>
  modelFunction(name, (options) => new VGG({ ...options, layers, batchNorm }));

/** VGG of 11 layers (132.9 million parameters); see {@linkcode VGG}. */
export const vgg11: VGGFunction = vgg("vgg11", [1, 1, 2, 2, 2]);
/** VGG of 11 layers with batch normalization; see {@linkcode VGG}. */
export const vgg11Bn: VGGFunction = vgg("vgg11_bn", [1, 1, 2, 2, 2], true);
/** VGG of 13 layers (133.0 million parameters); see {@linkcode VGG}. */
export const vgg13: VGGFunction = vgg("vgg13", [2, 2, 2, 2, 2]);
/** VGG of 13 layers with batch normalization; see {@linkcode VGG}. */
export const vgg13Bn: VGGFunction = vgg("vgg13_bn", [2, 2, 2, 2, 2], true);
/** VGG of 16 layers (138.4 million parameters); see {@linkcode VGG}. */
export const vgg16: VGGFunction = vgg("vgg16", [2, 2, 3, 3, 3]);
/** VGG of 16 layers with batch normalization; see {@linkcode VGG}. */
export const vgg16Bn: VGGFunction = vgg("vgg16_bn", [2, 2, 3, 3, 3], true);
/** VGG of 19 layers (143.7 million parameters); see {@linkcode VGG}. */
export const vgg19: VGGFunction = vgg("vgg19", [2, 2, 4, 4, 4]);
/** VGG of 19 layers with batch normalization; see {@linkcode VGG}. */
export const vgg19Bn: VGGFunction = vgg("vgg19_bn", [2, 2, 4, 4, 4], true);
