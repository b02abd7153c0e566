/** What networks are made of, as methods. */
import type { AvgPool1dOptions, AvgPool2dOptions } from "../ops/window/avg_pool.ts";
import * as means from "../ops/window/avg_pool.ts";
import type { Conv1dOptions, Conv2dOptions } from "../ops/window/conv2d.ts";
import * as convolution from "../ops/window/conv2d.ts";
import type { NormalizeOptions } from "../ops/linear/distance.ts";
import * as distances from "../ops/linear/distance.ts";
import type { DropoutOptions } from "../ops/random/dropout.ts";
import * as drop from "../ops/random/dropout.ts";
import type { NormOptions } from "../ops/normalization/layer_norm.ts";
import * as normalization from "../ops/normalization/layer_norm.ts";
import type { MaxPool1dOptions, MaxPool2dOptions } from "../ops/window/max_pool.ts";
import * as largest from "../ops/window/max_pool.ts";
import type { MultinomialOptions } from "../ops/random/multinomial.ts";
import * as draws from "../ops/random/multinomial.ts";
import * as pixels from "../ops/shape/pixel_shuffle.ts";
import * as scores from "../ops/normalization/softmax.ts";
import type { Pair } from "../ops/window/window.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { LinearTensor } from "./linear.ts";

/** A tensor with the operations of networks; see {@linkcode Tensor}. */
export abstract class NeuralTensor extends LinearTensor {
  /** See {@linkcode softmax}. */
  softmax(this: Tensor, dim: number): Tensor {
    return scores.softmax(this, dim);
  }

  /** See {@linkcode logSoftmax}. */
  logSoftmax(this: Tensor, dim: number): Tensor {
    return scores.logSoftmax(this, dim);
  }

  /** See {@linkcode softmin}. */
  softmin(this: Tensor, dim: number): Tensor {
    return scores.softmin(this, dim);
  }

  /** See {@linkcode conv2d}. */
  conv2d(this: Tensor, weight: Tensor, bias?: Tensor | null, options: Conv2dOptions = {}): Tensor {
    return convolution.conv2d(this, weight, bias, options);
  }

  /** See {@linkcode conv1d}. */
  conv1d(this: Tensor, weight: Tensor, bias?: Tensor | null, options: Conv1dOptions = {}): Tensor {
    return convolution.conv1d(this, weight, bias, options);
  }

  /** See {@linkcode maxPool2d}. */
  maxPool2d(this: Tensor, kernelSize: Pair, options: MaxPool2dOptions = {}): Tensor {
    return largest.maxPool2d(this, kernelSize, options);
  }

  /** See {@linkcode maxPool1d}. */
  maxPool1d(this: Tensor, kernelSize: number, options: MaxPool1dOptions = {}): Tensor {
    return largest.maxPool1d(this, kernelSize, options);
  }

  /** See {@linkcode avgPool2d}. */
  avgPool2d(this: Tensor, kernelSize: Pair, options: AvgPool2dOptions = {}): Tensor {
    return means.avgPool2d(this, kernelSize, options);
  }

  /** See {@linkcode avgPool1d}. */
  avgPool1d(this: Tensor, kernelSize: number, options: AvgPool1dOptions = {}): Tensor {
    return means.avgPool1d(this, kernelSize, options);
  }

  /** See {@linkcode layerNorm}. */
  layerNorm(
    this: Tensor,
    normalizedShape: Shape,
    weight: Tensor | null = null,
    bias: Tensor | null = null,
    options: NormOptions = {},
  ): Tensor {
    return normalization.layerNorm(this, normalizedShape, weight, bias, options);
  }

  /** See {@linkcode normalize}. */
  normalize(this: Tensor, options: NormalizeOptions = {}): Tensor {
    return distances.normalize(this, options);
  }

  /** See {@linkcode dropout}. */
  dropout(this: Tensor, options: DropoutOptions = {}): Tensor {
    return drop.dropout(this, options);
  }

  /** See {@linkcode multinomial}. */
  multinomial(this: Tensor, numSamples: number, options: MultinomialOptions = {}): Tensor {
    return draws.multinomial(this, numSamples, options);
  }

  /** See {@linkcode pixelShuffle}. */
  pixelShuffle(this: Tensor, upscaleFactor: number): Tensor {
    return pixels.pixelShuffle(this, upscaleFactor);
  }

  /** See {@linkcode pixelUnshuffle}. */
  pixelUnshuffle(this: Tensor, downscaleFactor: number): Tensor {
    return pixels.pixelUnshuffle(this, downscaleFactor);
  }
}
