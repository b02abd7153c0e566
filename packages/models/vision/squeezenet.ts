/** SqueezeNets. */
import { cat, type Tensor } from "@troodon/core";
import { AdaptiveAvgPool2d, Conv2d, Dropout, init, MaxPool2d, Module, ReLU, Sequential } from "@troodon/nn";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { initialize } from "../blocks/initialize.ts";
import { DROPOUT_CLASSIFIER_OPTIONS, type DropoutClassifierOptions } from "../classifier_options.ts";
import { type ModelFunction, modelFunction } from "../model_function.ts";

/** Few channels, from which many are made by windows of 1 x 1 and of 3 x 3. */
export class Fire extends Module {
  /** To few channels. */
  readonly squeeze: Conv2d;
  /** Of the few channels. */
  readonly squeezeActivation: ReLU = new ReLU();
  /** To many channels by single pixels. */
  readonly expand1x1: Conv2d;
  /** Of these. */
  readonly expand1x1Activation: ReLU = new ReLU();
  /** To as many channels by 3 x 3 pixels. */
  readonly expand3x3: Conv2d;
  /** Of these. */
  readonly expand3x3Activation: ReLU = new ReLU();
  /** Arguments of the constructor. */
  protected readonly made: readonly [inChannels: number, squeezed: number, expanded: number];

  /** From `inChannels` by way of `squeezed` to twice `expanded` channels. */
  constructor(inChannels: number, squeezed: number, expanded: number) {
    super();
    this.made = [inChannels, squeezed, expanded];
    this.squeeze = new Conv2d(inChannels, squeezed, 1);
    this.expand1x1 = new Conv2d(squeezed, expanded, 1);
    this.expand3x3 = new Conv2d(squeezed, expanded, 3, { padding: 1 });
  }

  /** [n, inChannels, h, w] to [n, 2 * expanded, h, w]. */
  override forward(x: Tensor): Tensor {
    x = this.squeezeActivation(this.squeeze(x));
    return cat([this.expand1x1Activation(this.expand1x1(x)), this.expand3x3Activation(this.expand3x3(x))], 1);
  }

  /** The arguments that make a block like this one. */
  override describe(): readonly unknown[] {
    return this.made;
  }
}

/** Options of {@linkcode SqueezeNet}. */
export interface SqueezeNetOptions extends DropoutClassifierOptions {
  /** `"1_0"` of the paper, or `"1_1"` with less work for the same accuracy (default `"1_0"`). */
  readonly version?: "1_0" | "1_1";
}
const SQUEEZENET_OPTIONS: OptionKeys<SqueezeNetOptions> = { version: true, ...DROPOUT_CLASSIFIER_OPTIONS };

const pool = (): MaxPool2d => new MaxPool2d(3, { stride: 2, ceilMode: true });

function features(version: "1_0" | "1_1", inChannels: number): Module[] {
  if (version === "1_0") {
    return [
      new Conv2d(inChannels, 96, 7, { stride: 2 }),
      new ReLU(),
      pool(),
      new Fire(96, 16, 64),
      new Fire(128, 16, 64),
      new Fire(128, 32, 128),
      pool(),
      new Fire(256, 32, 128),
      new Fire(256, 48, 192),
      new Fire(384, 48, 192),
      new Fire(384, 64, 256),
      pool(),
      new Fire(512, 64, 256),
    ];
  }
  return [
    new Conv2d(inChannels, 64, 3, { stride: 2 }),
    new ReLU(),
    pool(),
    new Fire(64, 16, 64),
    new Fire(128, 16, 64),
    pool(),
    new Fire(128, 32, 128),
    new Fire(256, 32, 128),
    pool(),
    new Fire(256, 48, 192),
    new Fire(384, 48, 192),
    new Fire(384, 64, 256),
    new Fire(512, 64, 256),
  ];
}

/**
 * A network of few parameters (Iandola et al. 2016, arXiv:1602.07360): [n, 3, h, w] to logits [n, numClasses], images
 * from 21 x 21.
 */
export class SqueezeNet extends Module {
  /** Fire modules between poolings. */
  readonly features: Sequential;
  /** A convolution to the classes, and the mean of each. */
  classifier: Sequential;
  /** Arguments of the constructor. */
  protected readonly options: SqueezeNetOptions;

  /** A network with weights drawn from the generator of the device; `dropout` is 0.5 by default. */
  constructor(options: SqueezeNetOptions = {}) {
    const { version = "1_0", numClasses = 1000, inChannels = 3, dropout = 0.5 } = readOptions(
      new.target.name,
      options,
      SQUEEZENET_OPTIONS,
    );
    super();
    this.options = options;
    this.features = new Sequential(...features(version, inChannels));
    const last = new Conv2d(512, numClasses, 1);
    this.classifier = new Sequential(new Dropout(dropout), last, new ReLU(), new AdaptiveAvgPool2d(1));
    initialize(this, {
      conv: (weight, layer) => {
        if (layer === last) init.normal_(weight, 0, 0.01);
        else init.kaimingUniform_(weight);
      },
    });
  }

  /** Logits of images. */
  override forward(x: Tensor): Tensor {
    return this.classifier(this.features(x)).flatten(1);
  }

  /** The arguments that make a network like this one. */
  override describe(): readonly unknown[] {
    return [this.options];
  }
}

/** A function that makes a {@linkcode SqueezeNet}. */
export type SqueezeNetFunction = ModelFunction<SqueezeNet, DropoutClassifierOptions>;

/** SqueezeNet of the paper (1.2 million parameters); see {@linkcode SqueezeNet}. */
export const squeezenet1_0: SqueezeNetFunction = modelFunction(
  "squeezenet1_0",
  (options) => new SqueezeNet({ ...options, version: "1_0" }),
);
/** SqueezeNet with 2.4 times less work (1.2 million parameters); see {@linkcode SqueezeNet}. */
export const squeezenet1_1: SqueezeNetFunction = modelFunction(
  "squeezenet1_1",
  (options) => new SqueezeNet({ ...options, version: "1_1" }),
);
