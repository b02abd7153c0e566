/** Vision transformers. */
import { cat, type Tensor, zeros } from "@troodon/core";
import { Conv2d, init, Linear, Module, Parameter, Sequential, Tanh } from "@troodon/nn";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { DROPOUT_CLASSIFIER_OPTIONS, type DropoutClassifierOptions } from "../classifier_options.ts";
import { type ModelFunction, modelFunction } from "../model_function.ts";
import { ViTEncoder } from "./vision_transformer_blocks.ts";

/** Options of {@linkcode VisionTransformer} that its model functions accept. */
export interface VisionTransformerOptions extends DropoutClassifierOptions {
  /** Height and width of the images, a multiple of the patch size (default 224). */
  readonly imageSize?: number;
  /** Dropout probability of the attention weights (default 0). */
  readonly attentionDropout?: number;
  /** Number of units of a hidden layer between the class token and the logits (default: no such layer). */
  readonly representationSize?: number;
}

/** Options of {@linkcode VisionTransformer}. */
export interface VisionTransformerArchitecture extends VisionTransformerOptions {
  /** Height and width of a patch. */
  readonly patchSize: number;
  /** Number of blocks. */
  readonly numLayers: number;
  /** Number of heads. */
  readonly numHeads: number;
  /** Number of features of a token. */
  readonly hiddenDim: number;
  /** Number of units of the inner layer of each block. */
  readonly mlpDim: number;
}
const VISION_TRANSFORMER_OPTIONS: OptionKeys<VisionTransformerArchitecture> = {
  imageSize: true,
  patchSize: true,
  numLayers: true,
  numHeads: true,
  hiddenDim: true,
  mlpDim: true,
  attentionDropout: true,
  representationSize: true,
  ...DROPOUT_CLASSIFIER_OPTIONS,
};

/**
 * Vision transformer (Dosovitskiy et al. 2021, arXiv:2010.11929): [n, 3, imageSize, imageSize] to logits
 * [n, numClasses].
 */
export class VisionTransformer extends Module {
  /** Class token, from which the logits are computed [1, 1, hiddenDim]. */
  readonly classToken: Parameter;
  /** Convolution that projects patches to tokens. */
  readonly convProj: Conv2d;
  /** Encoder blocks. */
  readonly encoder: ViTEncoder;
  /** Layers that compute the logits. */
  heads: Sequential;
  /** Arguments of the constructor. */
  protected readonly options: VisionTransformerArchitecture;

  /**
   * Creates a network with weights drawn from the generator of the device, whose logits are initially 0;
   * `dropout` is 0 by default.
   *
   * @throws {RangeError} If `imageSize` is not a multiple of `patchSize`.
   */
  constructor(options: VisionTransformerArchitecture) {
    const { imageSize = 224, patchSize, numLayers, numHeads, hiddenDim, mlpDim, attentionDropout = 0 } =
      readOptions(
        new.target.name,
        options,
        VISION_TRANSFORMER_OPTIONS,
      );
    const { dropout = 0, representationSize, numClasses = 1000, inChannels = 3 } = options;
    super();
    if (!Number.isInteger(imageSize / patchSize)) {
      throw new RangeError(
        `Cannot make VisionTransformer as imageSize must be a multiple of patchSize: current ones are ${imageSize} and ${patchSize}`,
      );
    }
    this.options = options;
    using token = zeros([1, 1, hiddenDim]);
    this.classToken = new Parameter(token);
    this.convProj = new Conv2d(inChannels, hiddenDim, patchSize, { stride: patchSize });
    this.encoder = new ViTEncoder((imageSize / patchSize) ** 2 + 1, numLayers, {
      numHeads,
      hiddenDim,
      mlpDim,
      dropout,
      attentionDropout,
    });
    const head = new Linear(representationSize ?? hiddenDim, numClasses);
    init.truncNormal_(this.convProj.weight, 0, Math.sqrt(1 / (inChannels * patchSize ** 2)));
    init.zeros_(head.weight);
    for (const { bias } of [this.convProj, head]) if (bias) init.zeros_(bias);
    if (representationSize === undefined) this.heads = new Sequential({ head });
    else {
      const preLogits = new Linear(hiddenDim, representationSize);
      init.truncNormal_(preLogits.weight, 0, Math.sqrt(1 / hiddenDim));
      if (preLogits.bias) init.zeros_(preLogits.bias);
      this.heads = new Sequential({ preLogits, act: new Tanh(), head });
    }
  }

  /**
   * Returns the logits of images.
   *
   * @throws {RangeError} If the images are not `imageSize` by `imageSize`.
   */
  override forward(x: Tensor): Tensor {
    const { imageSize = 224 } = this.options, [n = 0, , height, width] = x.shape;
    if (height !== imageSize || width !== imageSize) {
      throw new RangeError(
        `Cannot apply VisionTransformer as images must be ${imageSize} x ${imageSize}: current shape is [${
          x.shape.join(", ")
        }]`,
      );
    }
    const patches = this.convProj(x).flatten(2).permute(0, 2, 1);
    const tokens = this.encoder(cat([this.classToken.expand(n, -1, -1), patches], 1));
    return this.heads(tokens.select(1, 0));
  }

  /** Returns the constructor arguments that recreate this network. */
  override describe(): readonly unknown[] {
    return [this.options];
  }
}

/** Function that creates a {@linkcode VisionTransformer}. */
export type ViTFunction = ModelFunction<VisionTransformer, VisionTransformerOptions>;

/** Maps names in files of older versions: `mlp.linear_1` and `mlp.linear_2` to `mlp.0` and `mlp.3`. */
const renamed = (name: string): string =>
  name.replace(/\.mlp\.linear_([12])\./, (_, i) => `.mlp.${i === "1" ? 0 : 3}.`);

const vit = (
  name: string,
  architecture: Omit<VisionTransformerArchitecture, keyof VisionTransformerOptions>,
): ViTFunction =>
  modelFunction(name, (options) => new VisionTransformer({ ...options, ...architecture }), renamed);

const BASE = { numLayers: 12, numHeads: 12, hiddenDim: 768, mlpDim: 3072 };
const LARGE = { numLayers: 24, numHeads: 16, hiddenDim: 1024, mlpDim: 4096 };
const HUGE = { numLayers: 32, numHeads: 16, hiddenDim: 1280, mlpDim: 5120 };

/** ViT-B with patches of 16 x 16 (86.6 million parameters); see {@linkcode VisionTransformer}. */
export const vitB16: ViTFunction = vit("vit_b_16", { ...BASE, patchSize: 16 });
/** ViT-B with patches of 32 x 32 (88.2 million parameters); see {@linkcode VisionTransformer}. */
export const vitB32: ViTFunction = vit("vit_b_32", { ...BASE, patchSize: 32 });
/** ViT-L with patches of 16 x 16 (304.3 million parameters); see {@linkcode VisionTransformer}. */
export const vitL16: ViTFunction = vit("vit_l_16", { ...LARGE, patchSize: 16 });
/** ViT-L with patches of 32 x 32 (306.5 million parameters); see {@linkcode VisionTransformer}. */
export const vitL32: ViTFunction = vit("vit_l_32", { ...LARGE, patchSize: 32 });
/** ViT-H with patches of 14 x 14 (632.0 million parameters); see {@linkcode VisionTransformer}. */
export const vitH14: ViTFunction = vit("vit_h_14", { ...HUGE, patchSize: 14 });
