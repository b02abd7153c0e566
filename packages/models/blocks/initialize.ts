/** Initialization of whole networks. */
import type { Tensor } from "@troodon/core";
import { type AnyModule, Conv2d, init, Linear } from "@troodon/nn";

/** Initializers by kind of layer; layers without one keep their weights. */
export interface FirstWeights {
  /** Initializes the weight of a convolution. */
  readonly conv?: (weight: Tensor, layer: Conv2d) => void;
  /** Initializes the weight of a fully connected layer. */
  readonly linear?: (weight: Tensor, layer: Linear) => void;
}

/** Initializes the weights of convolutions and linear layers in `model`, and sets their biases to 0. */
export function initialize(model: AnyModule, { conv, linear }: FirstWeights): void {
  for (const module of model.modules()) {
    if (module instanceof Conv2d && conv) conv(module.weight, module);
    else if (module instanceof Linear && linear) linear(module.weight, module);
    else continue;
    if (module.bias) init.zeros_(module.bias);
  }
}

/**
 * Kaiming normal initialization, which preserves the variance of gradients through ReLU (He et al. 2015,
 * arXiv:1502.01852).
 */
export const heNormal = (weight: Tensor): void => {
  init.kaimingNormal_(weight, { mode: "fanOut", nonlinearity: "relu" });
};

/** Normal initialization with standard deviation `std`. */
export const normal = (std: number) => (weight: Tensor): void => {
  init.normal_(weight, 0, std);
};
