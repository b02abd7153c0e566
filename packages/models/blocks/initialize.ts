/** First weights of whole networks. */
import type { Tensor } from "@troodon/core";
import { type AnyModule, Conv2d, init, Linear } from "@troodon/nn";

/** First values of weights by kind of layer; layers that are left out keep their own. */
export interface FirstWeights {
  /** Fills the weight of a convolution. */
  readonly conv?: (weight: Tensor, layer: Conv2d) => void;
  /** Fills the weight of a fully connected layer. */
  readonly linear?: (weight: Tensor, layer: Linear) => void;
}

/** Fills weights of convolutions and linear layers within `model`, and sets their biases to 0. */
export function initialize(model: AnyModule, { conv, linear }: FirstWeights): void {
  for (const module of model.modules()) {
    if (module instanceof Conv2d && conv) conv(module.weight, module);
    else if (module instanceof Linear && linear) linear(module.weight, module);
    else continue;
    if (module.bias) init.zeros_(module.bias);
  }
}

/** Normal draws that keep the variance of gradients through rectifiers (He et al. 2015, arXiv:1502.01852). */
export const heNormal = (weight: Tensor): void => {
  init.kaimingNormal_(weight, { mode: "fanOut", nonlinearity: "relu" });
};

/** Normal draws of standard deviation `std`. */
export const normal = (std: number) => (weight: Tensor): void => {
  init.normal_(weight, 0, std);
};
