/** AlexNet model. */
import type { Tensor } from "@troodon/core";
import { AdaptiveAvgPool2d, Conv2d, Dropout, Linear, MaxPool2d, Module, ReLU, Sequential } from "@troodon/nn";
import { readOptions } from "@troodon/core/kernel";
import { DROPOUT_CLASSIFIER_OPTIONS, type DropoutClassifierOptions } from "../classifier_options.ts";
import { type ModelFunction, modelFunction } from "../model_function.ts";

/**
 * AlexNet for a single device (Krizhevsky 2014, arXiv:1404.5997): [n, 3, h, w] to logits [n, numClasses], for
 * images of at least 63 x 63.
 */
export class AlexNet extends Module {
  /** The five convolutions: [n, 256, h', w']. */
  readonly features: Sequential;
  /** Adaptive pooling to 6 x 6. */
  readonly avgpool: AdaptiveAvgPool2d = new AdaptiveAvgPool2d([6, 6]);
  /** Three layers that compute the logits. */
  classifier: Sequential;
  /** Arguments of the constructor. */
  protected readonly options: DropoutClassifierOptions;

  /** Creates a network with weights drawn from the generator of the device; `dropout` is 0.5 by default. */
  constructor(options: DropoutClassifierOptions = {}) {
    const { numClasses = 1000, inChannels = 3, dropout = 0.5 } = readOptions(
      new.target.name,
      options,
      DROPOUT_CLASSIFIER_OPTIONS,
    );
    super();
    this.options = options;
    this.features = new Sequential(
      new Conv2d(inChannels, 64, 11, { stride: 4, padding: 2 }),
      new ReLU(),
      new MaxPool2d(3, { stride: 2 }),
      new Conv2d(64, 192, 5, { padding: 2 }),
      new ReLU(),
      new MaxPool2d(3, { stride: 2 }),
      new Conv2d(192, 384, 3, { padding: 1 }),
      new ReLU(),
      new Conv2d(384, 256, 3, { padding: 1 }),
      new ReLU(),
      new Conv2d(256, 256, 3, { padding: 1 }),
      new ReLU(),
      new MaxPool2d(3, { stride: 2 }),
    );
    this.classifier = new Sequential(
      new Dropout(dropout),
      new Linear(256 * 6 * 6, 4096),
      new ReLU(),
      new Dropout(dropout),
      new Linear(4096, 4096),
      new ReLU(),
      new Linear(4096, numClasses),
    );
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

/** AlexNet (61.1 million parameters); see {@linkcode AlexNet}. */
export const alexnet: ModelFunction<AlexNet, DropoutClassifierOptions> = modelFunction(
  "alexnet",
  (options) => new AlexNet(options),
);
