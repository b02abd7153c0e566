/** SqueezeNet models. */
import { cat, type Tensor } from "@troodon/core";
import { AdaptiveAvgPool2d, Conv2d, Dropout, init, MaxPool2d, Module, ReLU, Sequential } from "@troodon/nn";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { initialize } from "../blocks/initialize.ts";
import { DROPOUT_CLASSIFIER_OPTIONS, type DropoutClassifierOptions } from "../classifier_options.ts";
import { type ModelFunction, modelFunction } from "../model_function.ts";

/** Fire module: a 1 x 1 convolution to few channels, expanded by convolutions of 1 x 1 and 3 x 3. */
export class Fire extends Module {
  /** 1 x 1 convolution that reduces the channels. */
  readonly squeeze: Conv2d;
  /** Activation of the reduced channels. */
  readonly squeezeActivation: ReLU = new ReLU();
  /** 1 x 1 convolution that expands the channels. */
  readonly expand1x1: Conv2d;
  /** Activation of the 1 x 1 expansion. */
  readonly expand1x1Activation: ReLU = new ReLU();
  /** 3 x 3 convolution that expands the channels. */
  readonly expand3x3: Conv2d;
  /** Activation of the 3 x 3 expansion. */
  readonly expand3x3Activation: ReLU = new ReLU();
  /** Arguments of the constructor. */
  protected readonly made: readonly [inChannels: number, squeezed: number, expanded: number];

  /**
   * Creates a module of `inChannels` input channels, `squeezed` inner channels and twice `expanded` output
   * channels.
   */
  constructor(inChannels: number, squeezed: number, expanded: number) {
    super();
    this.made = [inChannels, squeezed, expanded];
    this.squeeze = new Conv2d(inChannels, squeezed, 1);
    this.expand1x1 = new Conv2d(squeezed, expanded, 1);
    this.expand3x3 = new Conv2d(squeezed, expanded, 3, { padding: 1 });
  }

  /** Applies the module: [n, inChannels, h, w] to [n, 2 * expanded, h, w]. */
  override forward(x: Tensor): Tensor {
    x = this.squeezeActivation(this.squeeze(x));
    return cat([this.expand1x1Activation(this.expand1x1(x)), this.expand3x3Activation(this.expand3x3(x))], 1);
  }

  /** Returns the constructor arguments that recreate this block. */
  override describe(): readonly unknown[] {
    return this.made;
  }
}

/** Options of {@linkcode SqueezeNet}. */
export interface SqueezeNetOptions extends DropoutClassifierOptions {
  /**
   * Version: `"1_0"` of the paper, or `"1_1"` with less computation for the same accuracy (default `"1_0"`).
   */
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
 * SqueezeNet (Iandola et al. 2016, arXiv:1602.07360): [n, 3, h, w] to logits [n, numClasses], for images of
 * at least 21 x 21.
 */
export class SqueezeNet extends Module {
  /** Fire modules and pooling layers. */
  readonly features: Sequential;
  /** Convolution to the classes and global average pooling. */
  classifier: Sequential;
  /** Arguments of the constructor. */
  protected readonly options: SqueezeNetOptions;

  /** Creates a network with weights drawn from the generator of the device; `dropout` is 0.5 by default. */
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

  /** Returns the logits of images. */
  override forward(x: Tensor): Tensor {
    return this.classifier(this.features(x)).flatten(1);
  }

  /** Returns the constructor arguments that recreate this network. */
  override describe(): readonly unknown[] {
    return [this.options];
  }
}

/** Function that creates a {@linkcode SqueezeNet}. */
export type SqueezeNetFunction = ModelFunction<SqueezeNet, DropoutClassifierOptions>;

/** SqueezeNet of the paper (1.2 million parameters); see {@linkcode SqueezeNet}. */
export const squeezenet1_0: SqueezeNetFunction = modelFunction(
  "squeezenet1_0",
  (options) => new SqueezeNet({ ...options, version: "1_0" }),
);
/** SqueezeNet with 2.4 times less computation (1.2 million parameters); see {@linkcode SqueezeNet}. */
export const squeezenet1_1: SqueezeNetFunction = modelFunction(
  "squeezenet1_1",
  (options) => new SqueezeNet({ ...options, version: "1_1" }),
);
