/** Transformers: their layers one after another. */
import { type Tensor, tidySync } from "@troodon/core";
import { checkSurplus, type OptionKeys, pickOptions, readOptions, showArgument } from "@troodon/core/kernel";
import { ModuleList } from "../containers.ts";
import { deepCopy } from "../deep_copy.ts";
import { xavierUniform_ } from "../init.ts";
import { checkExtents } from "../check_numbers.ts";
import { type AnyModule, Module } from "../module.ts";
import { LayerNorm } from "./layer_norm.ts";
import { LAYER_OPTIONS } from "./linear.ts";
import {
  type DecoderMasks,
  type EncoderMasks,
  TransformerDecoderLayer,
  TransformerEncoderLayer,
  type TransformerLayerOptions,
} from "./transformer.ts";

/** Options of {@linkcode TransformerEncoder} and {@linkcode TransformerDecoder}. */
export interface TransformerStackOptions {
  /** What normalizes the result; nothing by default. */
  readonly norm?: Module | null;
}
const TRANSFORMER_STACK_OPTIONS: OptionKeys<TransformerStackOptions> = { norm: true };

/** `count` layers that `layer` makes, or copies of it. */
function layersOf<L extends AnyModule>(layer: L | ((i: number) => L), count: number): ModuleList<L> {
  if (typeof layer !== "function") {
    throw new TypeError(
      `Cannot make a stack of layers as there must be a layer, or a function that makes one: current one is ${
        showArgument(layer)
      }`,
    );
  }
  // A module is a function as well.
  const make = layer instanceof Module ? () => deepCopy(layer) : layer;
  return new ModuleList(Array.from({ length: count }, (_, i) => make(i)));
}

const ENCODER_MASKS: OptionKeys<EncoderMasks> = { srcMask: true, srcKeyPaddingMask: true, isCausal: true };

/**
 * {@linkcode TransformerEncoderLayer}s one after another.
 *
 * @example Shapes
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, randn, ReferenceBackend, setDefaultDevice } from "@troodon/core";
 * import { TransformerEncoder, TransformerEncoderLayer } from "@troodon/nn";
 *
 * setDefaultDevice(new Device(new ReferenceBackend()));
 * const options = { dimFeedforward: 16, batchFirst: true };
 * const encoder = new TransformerEncoder(() => new TransformerEncoderLayer(8, 2, options), 3);
 * assertEquals(encoder(randn([2, 5, 8]), { isCausal: true }).shape, [2, 5, 8]);
 * ```
 */
export class TransformerEncoder extends Module<[src: Tensor, masks?: EncoderMasks]> {
  /** The layers in order. */
  readonly layers: ModuleList<TransformerEncoderLayer>;
  /** What normalizes the result, or null. */
  readonly norm: Module | null;

  /** Takes a layer, of which all are copies that begin with its weights, or a function that makes layer number `i`. */
  constructor(
    layer: TransformerEncoderLayer | ((i: number) => TransformerEncoderLayer),
    numLayers: number,
    options?: TransformerStackOptions,
  ) {
    checkSurplus(new.target.name, arguments, 3);
    const { norm = null } = readOptions(new.target.name, options, TRANSFORMER_STACK_OPTIONS);
    checkExtents(new.target.name, { numLayers });
    super();
    this.layers = layersOf<TransformerEncoderLayer>(layer, numLayers);
    this.norm = norm;
  }

  /**
   * Applies all layers.
   *
   * @param src [l, n, dModel], [n, l, dModel] with `batchFirst`, or [l, dModel]
   */
  override forward(src: Tensor, masks: EncoderMasks = {}): Tensor {
    masks = readOptions("TransformerEncoder.forward()", masks, ENCODER_MASKS);
    return tidySync(() => {
      let x = src;
      for (const layer of this.layers) x = layer(x, masks);
      return this.norm ? this.norm(x) : x;
    });
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [this.layers.at(0), this.layers.length, { norm: this.norm }];
  }
}

const DECODER_MASKS: OptionKeys<DecoderMasks> = {
  tgtMask: true,
  memoryMask: true,
  tgtKeyPaddingMask: true,
  memoryKeyPaddingMask: true,
  tgtIsCausal: true,
  memoryIsCausal: true,
};

/** {@linkcode TransformerDecoderLayer}s one after another, all of which see the same memory. */
export class TransformerDecoder extends Module<[tgt: Tensor, memory: Tensor, masks?: DecoderMasks]> {
  /** The layers in order. */
  readonly layers: ModuleList<TransformerDecoderLayer>;
  /** What normalizes the result, or null. */
  readonly norm: Module | null;

  /** Takes a layer, of which all are copies that begin with its weights, or a function that makes layer number `i`. */
  constructor(
    layer: TransformerDecoderLayer | ((i: number) => TransformerDecoderLayer),
    numLayers: number,
    options?: TransformerStackOptions,
  ) {
    checkSurplus(new.target.name, arguments, 3);
    const { norm = null } = readOptions(new.target.name, options, TRANSFORMER_STACK_OPTIONS);
    checkExtents(new.target.name, { numLayers });
    super();
    this.layers = layersOf<TransformerDecoderLayer>(layer, numLayers);
    this.norm = norm;
  }

  /**
   * Applies all layers.
   *
   * @param tgt [l, n, dModel], [n, l, dModel] with `batchFirst`, or [l, dModel]
   * @param memory [s, n, dModel], laid out alike
   */
  override forward(tgt: Tensor, memory: Tensor, masks: DecoderMasks = {}): Tensor {
    masks = readOptions("TransformerDecoder.forward()", masks, DECODER_MASKS);
    return tidySync(() => {
      let x = tgt;
      for (const layer of this.layers) x = layer(x, memory, masks);
      return this.norm ? this.norm(x) : x;
    });
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [this.layers.at(0), this.layers.length, { norm: this.norm }];
  }
}

/** Options of {@linkcode Transformer}. */
export interface TransformerOptions extends TransformerLayerOptions {
  /** 6 by default. */
  readonly numEncoderLayers?: number;
  /** 6 by default. */
  readonly numDecoderLayers?: number;
}
const TRANSFORMER_OPTIONS: OptionKeys<TransformerOptions> = {
  numEncoderLayers: true,
  numDecoderLayers: true,
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

/** Masks of both halves of a {@linkcode Transformer}. */
export interface TransformerMasks extends EncoderMasks, DecoderMasks {}
const TRANSFORMER_MASKS: OptionKeys<TransformerMasks> = {
  srcMask: true,
  srcKeyPaddingMask: true,
  isCausal: true,
  tgtMask: true,
  memoryMask: true,
  tgtKeyPaddingMask: true,
  memoryKeyPaddingMask: true,
  tgtIsCausal: true,
  memoryIsCausal: true,
};

/**
 * An encoder and a decoder that sees what it makes (Vaswani et al. 2017, arXiv:1706.03762): src [s, n, dModel], tgt and
 * output [l, n, dModel], n first with `batchFirst`.
 */
export class Transformer extends Module<[src: Tensor, tgt: Tensor, masks?: TransformerMasks]> {
  /** Makes the memory. */
  readonly encoder: TransformerEncoder;
  /** Sees it. */
  readonly decoder: TransformerDecoder;

  /** All weights of two axes are uniform as {@linkcode xavierUniform_} draws them. */
  constructor(dModel = 512, nhead = 8, options?: TransformerOptions) {
    checkSurplus(new.target.name, arguments, 3);
    const own = readOptions(new.target.name, options, TRANSFORMER_OPTIONS);
    checkExtents(new.target.name, { dModel, nhead });
    super();
    const { numEncoderLayers = 6, numDecoderLayers = 6, ...layer } = own,
      { layerNormEps: eps = 1e-5 } = layer;
    const norm = () =>
      new LayerNorm(dModel, { ...pickOptions(layer, LAYER_OPTIONS), bias: layer.bias ?? true, eps });
    this.encoder = new TransformerEncoder(
      () => new TransformerEncoderLayer(dModel, nhead, layer),
      numEncoderLayers,
      { norm: norm() },
    );
    this.decoder = new TransformerDecoder(
      () => new TransformerDecoderLayer(dModel, nhead, layer),
      numDecoderLayers,
      { norm: norm() },
    );
    for (const parameter of this.parameters()) if (parameter.ndim > 1) xavierUniform_(parameter);
  }

  /**
   * What the decoder makes of `tgt` where it sees what the encoder makes of `src`.
   *
   * @param src [s, n, dModel], [n, s, dModel] with `batchFirst`, or [s, dModel]
   * @param tgt [l, n, dModel], laid out alike
   */
  override forward(src: Tensor, tgt: Tensor, masks: TransformerMasks = {}): Tensor {
    masks = readOptions("Transformer.forward()", masks, TRANSFORMER_MASKS);
    return tidySync(() => {
      const memory = this.encoder(src, pickOptions(masks, ENCODER_MASKS));
      return this.decoder(tgt, memory, pickOptions(masks, DECODER_MASKS));
    });
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    const { encoder: { layers }, decoder } = this, [dModel, nhead, options] = layers.at(0).describe();
    const numbers = { numEncoderLayers: layers.length, numDecoderLayers: decoder.layers.length };
    return [dModel, nhead, { ...options as TransformerLayerOptions, ...numbers }];
  }
}
