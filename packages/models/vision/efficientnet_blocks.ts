/** Blocks of EfficientNets. */
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
  /** Channels in between, in channels of the input. */
  readonly expandRatio: number;
  /** Height and width of the window. */
  readonly kernelSize: number;
  /** Step of the window. */
  readonly stride: number;
  /** Probability that a sample goes past the layers while training. */
  readonly stochasticDepthProb: number;
  /** Options of the normalizations. */
  readonly norm: EfficientNetNorm;
}

const activation = "silu";

/** Layers beside the identity where the shape stays, which samples may skip while training. */
export abstract class EfficientNetBlock extends Module {
  /** The layers. */
  readonly block: Sequential;
  /** Leaves layers out by chance while training. */
  readonly stochasticDepth: StochasticDepth;
  /** Arguments of the constructor. */
  protected readonly options: MBConvOptions;

  /** A block of these layers. */
  constructor(options: MBConvOptions, layers: readonly Module[]) {
    super();
    this.options = options;
    this.block = new Sequential(...layers);
    this.stochasticDepth = new StochasticDepth(options.stochasticDepthProb);
  }

  /** [n, inChannels, h, w] to [n, outChannels, h / stride, w / stride]. */
  override forward(x: Tensor): Tensor {
    const { stride, inChannels, outChannels } = this.options, y = this.block(x);
    return stride === 1 && inChannels === outChannels ? this.stochasticDepth(y).add(x) : y;
  }

  /** The arguments that make a block like this one. */
  override describe(): readonly unknown[] {
    return [this.options];
  }
}

/** Widened, convolved by channel, weighed and narrowed again (Tan and Le 2019, arXiv:1905.11946). */
export class MBConv extends EfficientNetBlock {
  /** A block with the layers' own first weights. */
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

/** Widened by a full convolution and narrowed again (Tan and Le 2021, arXiv:2104.00298). */
export class FusedMBConv extends EfficientNetBlock {
  /** A block with the layers' own first weights. */
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
