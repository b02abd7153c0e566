/** Channels weighed by what all of the image says. */
import type { Tensor } from "@troodon/core";
import { AdaptiveAvgPool2d, Conv2d, Hardsigmoid, Module, Sigmoid } from "@troodon/nn";
import { type Activation, makeActivation } from "./activation.ts";

/** Squeeze and excitation (Hu et al. 2018, arXiv:1709.01507): [n, channels, h, w] to the same shape. */
export class SqueezeExcitation extends Module {
  /** The mean of each channel. */
  readonly avgpool: AdaptiveAvgPool2d = new AdaptiveAvgPool2d(1);
  /** To fewer channels. */
  readonly fc1: Conv2d;
  /** Back to all channels. */
  readonly fc2: Conv2d;
  /** Between the two. */
  readonly activation: Module;
  /** Brings the weights to [0, 1]. */
  readonly scaleActivation: Module;
  /** Arguments of the constructor. */
  protected readonly made: readonly unknown[];

  /** Weighs `inputChannels` by way of `squeezeChannels`. */
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

  /** The input with its channels weighed. */
  override forward(x: Tensor): Tensor {
    return this.scaleActivation(this.fc2(this.activation(this.fc1(this.avgpool(x))))).mul(x);
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return this.made;
  }
}
