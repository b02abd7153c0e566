/** Layer normalization of images. */
import type { Tensor } from "@troodon/core";
import { LayerNorm } from "@troodon/nn";

/** Layer normalization over the channels of each pixel: [n, channels, h, w] to the same shape. */
export class LayerNorm2d extends LayerNorm {
  /**
   * Normalizes the channels of each pixel to mean 0 and standard deviation 1, then scales and shifts them.
   */
  override forward(x: Tensor): Tensor {
    return super.forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2);
  }
}
