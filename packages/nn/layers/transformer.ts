/** Layers of transformers. */
import { gelu, relu, type Tensor, tidySync } from "@troodon/core";
import { checkSurplus, type OptionKeys, pickOptions, readOptions } from "@troodon/core/kernel";
import { Module } from "../module.ts";
import { MultiheadAttention, type MultiheadAttentionOptions } from "./attention.ts";
import { Dropout } from "./dropout.ts";
import { LayerNorm, type LayerNormOptions } from "./layer_norm.ts";
import { LAYER_OPTIONS, type LayerOptions, Linear } from "./linear.ts";
import { checkExtents } from "../check_numbers.ts";

/** Options of {@linkcode TransformerEncoderLayer} and {@linkcode TransformerDecoderLayer}. */
export interface TransformerLayerOptions extends LayerOptions {
  /** Features between the two linear layers; 2048 by default. */
  readonly dimFeedforward?: number;
  /** Part that is left out while training; 0.1 by default. */
  readonly dropout?: number;
  /** What stands between the two linear layers; "relu" by default. */
  readonly activation?: "relu" | "gelu" | ((x: Tensor) => Tensor);
  /** Added to variances; 1e-5 by default. */
  readonly layerNormEps?: number;
  /** Tensors are [n, length, features] rather than [length, n, features]; false by default. */
  readonly batchFirst?: boolean;
  /** Each part normalizes what it reads, rather than what it gives (Xiong et al. 2020, arXiv:2002.04745); false by default. */
  readonly normFirst?: boolean;
  /** Adds a learned bias to the outputs of linear layers and norms (default true). */
  readonly bias?: boolean;
}
const TRANSFORMER_LAYER_OPTIONS: OptionKeys<TransformerLayerOptions> = {
  dimFeedforward: true,
  dropout: true,
  activation: true,
  layerNormEps: true,
  batchFirst: true,
  normFirst: true,
  bias: true,
  device: true,
  dtype: true,
};

/** What an encoder may not see. */
export interface EncoderMasks {
  /** true hides a key from a query, or numbers added to the scores: [l, l], or [n * heads, l, l]. */
  readonly srcMask?: Tensor | null;
  /** true hides a key from all: [n, l]. */
  readonly srcKeyPaddingMask?: Tensor | null;
  /** Nothing sees what lies behind it; false by default. */
  readonly isCausal?: boolean;
}
const ENCODER_MASKS: OptionKeys<EncoderMasks> = { srcMask: true, srcKeyPaddingMask: true, isCausal: true };

/** What a decoder may not see. */
export interface DecoderMasks {
  /** true hides a target from another: [l, l], or [n * heads, l, l]; or numbers added to the scores. */
  readonly tgtMask?: Tensor | null;
  /** true hides a part of the memory from a target: [l, s], or [n * heads, l, s]; or numbers. */
  readonly memoryMask?: Tensor | null;
  /** true hides a target from all: [n, l]. */
  readonly tgtKeyPaddingMask?: Tensor | null;
  /** true hides a part of the memory from all: [n, s]. */
  readonly memoryKeyPaddingMask?: Tensor | null;
  /** No target sees those behind it; false by default. */
  readonly tgtIsCausal?: boolean;
  /** No target sees the memory behind its own place; false by default. */
  readonly memoryIsCausal?: boolean;
}
const DECODER_MASKS: OptionKeys<DecoderMasks> = {
  tgtMask: true,
  memoryMask: true,
  tgtKeyPaddingMask: true,
  memoryKeyPaddingMask: true,
  tgtIsCausal: true,
  memoryIsCausal: true,
};

const ACTIVATIONS: Readonly<Record<"relu" | "gelu", (x: Tensor) => Tensor>> = { relu, gelu: (x) => gelu(x) };

const activationOf = ({ activation = "relu" }: TransformerLayerOptions): (x: Tensor) => Tensor =>
  typeof activation === "string" ? ACTIVATIONS[activation] : activation;

/** The arguments that make a layer like this. */
function describeLayer(
  { selfAttn, linear1, dropout, norm1 }: TransformerEncoderLayer | TransformerDecoderLayer,
  activation: (x: Tensor) => Tensor,
  normFirst: boolean,
): readonly unknown[] {
  const [dModel, nhead, { batchFirst }] = selfAttn.describe() as [number, number, MultiheadAttentionOptions];
  const [, { eps }] = norm1.describe() as [unknown, LayerNormOptions];
  const name = Object.entries(ACTIVATIONS).find(([, f]) => f === activation)?.[0];
  return [dModel, nhead, {
    dimFeedforward: linear1.weight.shape[0],
    dropout: dropout.p,
    activation: name ?? activation,
    layerNormEps: eps,
    batchFirst,
    normFirst,
    bias: linear1.bias !== null,
  }];
}

/** A part beside what passes it by: `x + part(norm(x))`, or `norm(x + part(x))`. */
const residual = (x: Tensor, norm: LayerNorm, first: boolean, part: (x: Tensor) => Tensor): Tensor =>
  first ? x.add(part(norm(x))) : norm(x.add(part(x)));

/**
 * Self-attention and two linear layers, each beside what passes it by (Vaswani et al. 2017, arXiv:1706.03762):
 * input and output [l, n, dModel], or [n, l, dModel] with `batchFirst`.
 */
export class TransformerEncoderLayer extends Module<[src: Tensor, masks?: EncoderMasks]> {
  /** Every place attends to all places. */
  readonly selfAttn: MultiheadAttention;
  /** To `dimFeedforward`. */
  readonly linear1: Linear;
  /** Between the two. */
  readonly dropout: Dropout;
  /** And back. */
  readonly linear2: Linear;
  /** Of the attention. */
  readonly norm1: LayerNorm;
  /** Of the linear layers. */
  readonly norm2: LayerNorm;
  /** Behind the attention. */
  readonly dropout1: Dropout;
  /** Behind the linear layers. */
  readonly dropout2: Dropout;
  /** The function between the two linear layers. */
  protected readonly activation: (x: Tensor) => Tensor;
  /** Whether each part is normalized before it rather than after it. */
  protected readonly normFirst: boolean;

  /** A layer with weights drawn from the device's generator. */
  constructor(dModel: number, nhead: number, options?: TransformerLayerOptions) {
    checkSurplus(new.target.name, arguments, 3);
    checkExtents(new.target.name, { dModel, nhead });
    const own = readOptions(new.target.name, options, TRANSFORMER_LAYER_OPTIONS);
    super();
    const { dimFeedforward = 2048, dropout = 0.1, layerNormEps: eps = 1e-5, batchFirst = false } = own;
    const place = { bias: own.bias ?? true, ...pickOptions(own, LAYER_OPTIONS) };
    this.selfAttn = new MultiheadAttention(dModel, nhead, { ...place, dropout, batchFirst });
    this.linear1 = new Linear(dModel, dimFeedforward, place);
    this.dropout = new Dropout(dropout);
    this.linear2 = new Linear(dimFeedforward, dModel, place);
    this.norm1 = new LayerNorm(dModel, { ...place, eps });
    this.norm2 = new LayerNorm(dModel, { ...place, eps });
    this.dropout1 = new Dropout(dropout);
    this.dropout2 = new Dropout(dropout);
    this.activation = activationOf(own);
    this.normFirst = own.normFirst ?? false;
  }

  /**
   * Applies the layer.
   *
   * @param src [l, n, dModel], [n, l, dModel] with `batchFirst`, or [l, dModel]
   */
  override forward(src: Tensor, masks: EncoderMasks = {}): Tensor {
    masks = readOptions("TransformerEncoderLayer.forward()", masks, ENCODER_MASKS);
    const { srcMask = null, srcKeyPaddingMask = null, isCausal = false } = masks;
    const seen = { attnMask: srcMask, keyPaddingMask: srcKeyPaddingMask, isCausal, needWeights: false };
    const attend = (x: Tensor) => this.dropout1(this.selfAttn(x, x, x, seen)[0]);
    const feed = (x: Tensor) =>
      this.dropout2(
        this.linear2(this.dropout(this.activation(this.linear1(x)))),
      );
    return tidySync(() => {
      const x = residual(src, this.norm1, this.normFirst, attend);
      return residual(x, this.norm2, this.normFirst, feed);
    });
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return describeLayer(this, this.activation, this.normFirst);
  }
}

/**
 * Self-attention, attention to a memory, and two linear layers, each beside what passes it by (Vaswani et al. 2017,
 * arXiv:1706.03762): input and output [l, n, dModel], memory [s, n, dModel], n first with `batchFirst`.
 */
export class TransformerDecoderLayer extends Module<[tgt: Tensor, memory: Tensor, masks?: DecoderMasks]> {
  /** Every target attends to all targets. */
  readonly selfAttn: MultiheadAttention;
  /** Every target attends to the memory. */
  readonly multiheadAttn: MultiheadAttention;
  /** To `dimFeedforward`. */
  readonly linear1: Linear;
  /** Between the two. */
  readonly dropout: Dropout;
  /** And back. */
  readonly linear2: Linear;
  /** Of the self-attention. */
  readonly norm1: LayerNorm;
  /** Of the attention to the memory. */
  readonly norm2: LayerNorm;
  /** Of the linear layers. */
  readonly norm3: LayerNorm;
  /** Behind the self-attention. */
  readonly dropout1: Dropout;
  /** Behind the attention to the memory. */
  readonly dropout2: Dropout;
  /** Behind the linear layers. */
  readonly dropout3: Dropout;
  /** The function between the two linear layers. */
  protected readonly activation: (x: Tensor) => Tensor;
  /** Whether each part is normalized before it rather than after it. */
  protected readonly normFirst: boolean;

  /** A layer with weights drawn from the device's generator. */
  constructor(dModel: number, nhead: number, options?: TransformerLayerOptions) {
    checkSurplus(new.target.name, arguments, 3);
    checkExtents(new.target.name, { dModel, nhead });
    const own = readOptions(new.target.name, options, TRANSFORMER_LAYER_OPTIONS);
    super();
    const { dimFeedforward = 2048, dropout = 0.1, layerNormEps: eps = 1e-5, batchFirst = false } = own;
    const place = { bias: own.bias ?? true, ...pickOptions(own, LAYER_OPTIONS) };
    this.selfAttn = new MultiheadAttention(dModel, nhead, { ...place, dropout, batchFirst });
    this.multiheadAttn = new MultiheadAttention(dModel, nhead, { ...place, dropout, batchFirst });
    this.linear1 = new Linear(dModel, dimFeedforward, place);
    this.dropout = new Dropout(dropout);
    this.linear2 = new Linear(dimFeedforward, dModel, place);
    this.norm1 = new LayerNorm(dModel, { ...place, eps });
    this.norm2 = new LayerNorm(dModel, { ...place, eps });
    this.norm3 = new LayerNorm(dModel, { ...place, eps });
    this.dropout1 = new Dropout(dropout);
    this.dropout2 = new Dropout(dropout);
    this.dropout3 = new Dropout(dropout);
    this.activation = activationOf(own);
    this.normFirst = own.normFirst ?? false;
  }

  /**
   * Applies the layer.
   *
   * @param tgt [l, n, dModel], [n, l, dModel] with `batchFirst`, or [l, dModel]
   * @param memory [s, n, dModel], laid out alike
   */
  override forward(tgt: Tensor, memory: Tensor, masks: DecoderMasks = {}): Tensor {
    masks = readOptions("TransformerDecoderLayer.forward()", masks, DECODER_MASKS);
    const { tgtMask, memoryMask, tgtKeyPaddingMask, memoryKeyPaddingMask, tgtIsCausal = false } = masks;
    const { memoryIsCausal = false } = masks;
    const own = {
      attnMask: tgtMask ?? null,
      keyPaddingMask: tgtKeyPaddingMask ?? null,
      isCausal: tgtIsCausal,
    };
    const other = {
      attnMask: memoryMask ?? null,
      keyPaddingMask: memoryKeyPaddingMask ?? null,
      isCausal: memoryIsCausal,
    };
    const attend = (x: Tensor) => this.dropout1(this.selfAttn(x, x, x, { ...own, needWeights: false })[0]);
    const look = (x: Tensor) =>
      this.dropout2(
        this.multiheadAttn(x, memory, memory, { ...other, needWeights: false })[0],
      );
    const feed = (x: Tensor) =>
      this.dropout3(
        this.linear2(this.dropout(this.activation(this.linear1(x)))),
      );
    return tidySync(() => {
      const first = this.normFirst;
      const x = residual(tgt, this.norm1, first, attend);
      return residual(residual(x, this.norm2, first, look), this.norm3, first, feed);
    });
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return describeLayer(this, this.activation, this.normFirst);
  }
}
