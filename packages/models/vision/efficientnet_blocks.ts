/** Blocks of EfficientNet. */
import type { Tensor } from "@troodon/core";
import { type BatchNormOptions, Module, Sequential } from "@troodon/nn";
import { roundChannels } from "../blocks/channels.ts";
import { Conv2dNormActivation } from "../blocks/conv_2d_norm_activation.ts";
import { SqueezeExcitation } from "../blocks/squeeze_excitation.ts";
import { StochasticDepth } from "../blocks/stochastic_depth.ts";

/** Options of the normalizations of a network. */
export type EfficientNetNorm = Pick<BatchNormOptions, "eps" | "momentum">;

/** Sizes of a block of an EfficientNet. */
export interface MBConvOptions {
  /** Channels of the input. */
  readonly inChannels: number;
  /** Channels of the output. */
  readonly outChannels: number;
  /** Expansion factor: inner channels per input channel. */
  readonly expandRatio: number;
  /** Height and width of the window. */
  readonly kernelSize: number;
  /** Stride of the window. */
  readonly stride: number;
  /** Stochastic depth: probability that a sample skips the layers while training. */
  readonly stochasticDepthProb: number;
  /** Options of the normalizations. */
  readonly norm: EfficientNetNorm;
}

const activation = "silu";

/**
 * Layers with a residual connection if the shape is unchanged, which samples may skip at random while
 * training.
 */
export abstract class EfficientNetBlock extends Module {
  /** The layers. */
  readonly block: Sequential;
  /** Stochastic depth: skips the layers at random while training. */
  readonly stochasticDepth: StochasticDepth;
  /** Arguments of the constructor. */
  protected readonly options: MBConvOptions;

  /** Creates a block of these layers. */
  constructor(options: MBConvOptions, layers: readonly Module[]) {
    super();
    this.options = options;
    this.block = new Sequential(...layers);
    this.stochasticDepth = new StochasticDepth(options.stochasticDepthProb);
  }

  /** Applies the block: [n, inChannels, h, w] to [n, outChannels, h / stride, w / stride]. */
  override forward(x: Tensor): Tensor {
    const { stride, inChannels, outChannels } = this.options, y = this.block(x);
    return stride === 1 && inChannels === outChannels ? this.stochasticDepth(y).add(x) : y;
  }

  /** Returns the constructor arguments that recreate this block. */
  override describe(): readonly unknown[] {
    return [this.options];
  }
}

/**
 * MBConv block: expansion, depthwise convolution, squeeze and excitation, projection (Tan and Le 2019,
 * arXiv:1905.11946).
 */
export class MBConv extends EfficientNetBlock {
  /** Creates a block with the default initialization of its layers. */
  constructor(options: MBConvOptions) {
    const { inChannels, outChannels, expandRatio, kernelSize, stride, norm } = options;
    const width = roundChannels(inChannels * expandRatio);
    const layers: Module[] = [
      new Conv2dNormActivation(width, width, { kernelSize, stride, groups: width, norm, activation }),
      new SqueezeExcitation(width, Math.max(1, Math.floor(inChannels / 4)), activation),
      new Conv2dNormActivation(width, outChannels, { kernelSize: 1, norm, activation: null }),
    ];
    if (width !== inChannels) {
      layers.unshift(new Conv2dNormActivation(inChannels, width, { kernelSize: 1, norm, activation }));
    }
    super(options, layers);
  }
}

/**
 * Fused MBConv block: full convolution with expansion, then projection (Tan and Le 2021, arXiv:2104.00298).
 */
export class FusedMBConv extends EfficientNetBlock {
  /** Creates a block with the default initialization of its layers. */
  constructor(options: MBConvOptions) {
    const { inChannels, outChannels, expandRatio, kernelSize, stride, norm } = options;
    const width = roundChannels(inChannels * expandRatio),
      first = { kernelSize, stride, norm, activation } as const;
    super(
      options,
      width === inChannels ? [new Conv2dNormActivation(inChannels, outChannels, first)] : [
        new Conv2dNormActivation(inChannels, width, first),
        new Conv2dNormActivation(width, outChannels, { kernelSize: 1, norm, activation: null }),
      ],
    );
  }
}
