/** Channel attention. */
import type { Tensor } from "@troodon/core";
import { AdaptiveAvgPool2d, Conv2d, Hardsigmoid, Module, Sigmoid } from "@troodon/nn";
import { type Activation, makeActivation } from "./activation.ts";

/** Squeeze and excitation (Hu et al. 2018, arXiv:1709.01507): [n, channels, h, w] to the same shape. */
export class SqueezeExcitation extends Module {
  /** Global average pooling. */
  readonly avgpool: AdaptiveAvgPool2d = new AdaptiveAvgPool2d(1);
  /** Convolution that reduces the channels. */
  readonly fc1: Conv2d;
  /** Convolution that restores the channels. */
  readonly fc2: Conv2d;
  /** Activation between the convolutions. */
  readonly activation: Module;
  /** Activation that maps the weights to [0, 1]. */
  readonly scaleActivation: Module;
  /** Arguments of the constructor. */
  protected readonly made: readonly unknown[];

  /** Creates a block for `inputChannels` with `squeezeChannels` inner channels. */
  constructor(
    inputChannels: number,
    squeezeChannels: number,
    activation: Activation = "relu",
    scale: "sigmoid" | "hardsigmoid" = "sigmoid",
  ) {
    super();
    this.fc1 = new Conv2d(inputChannels, squeezeChannels, 1);
    this.fc2 = new Conv2d(squeezeChannels, inputChannels, 1);
    this.activation = makeActivation(activation);
    this.scaleActivation = scale === "sigmoid" ? new Sigmoid() : new Hardsigmoid();
    this.made = [inputChannels, squeezeChannels, activation, scale];
  }

  /** Scales each channel of the input. */
  override forward(x: Tensor): Tensor {
    return this.scaleActivation(this.fc2(this.activation(this.fc1(this.avgpool(x))))).mul(x);
  }

  /** Returns the constructor arguments that recreate this module. */
  override describe(): readonly unknown[] {
    return this.made;
  }
}
