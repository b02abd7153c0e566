/** Attention. */
import { type AttentionMasks, multiHeadAttention, type Tensor } from "@troodon/core";
import { checkSurplus, type OptionKeys, pickOptions, readOptions } from "@troodon/core/kernel";
import { xavierNormal_, xavierUniform_, zeros_ } from "../init.ts";
import { Module } from "../module.ts";
import type { Parameter } from "../parameter.ts";
import { emptyParameter, LAYER_OPTIONS, Linear, type LinearOptions } from "./linear.ts";
import { checkExtents } from "../check_numbers.ts";

/** The name that PyTorch prints for the last projection of attention. */
class NonDynamicallyQuantizableLinear extends Linear {}

/** Options of {@linkcode MultiheadAttention}. */
export interface MultiheadAttentionOptions extends LinearOptions {
  /** Part of the weights that is left out while training; 0 by default. */
  readonly dropout?: number;
  /** Features of the keys; embedDim by default. */
  readonly kdim?: number;
  /** Features of the values; embedDim by default. */
  readonly vdim?: number;
  /** Whether a further key and its value are learnt, which every query sees; false by default. */
  readonly addBiasKv?: boolean;
  /** Whether there is a further key of zeros, whose value is 0; false by default. */
  readonly addZeroAttn?: boolean;
  /** Tensors are [n, length, features] rather than [length, n, features]; false by default. */
  readonly batchFirst?: boolean;
}
const MULTIHEAD_ATTENTION_OPTIONS: OptionKeys<MultiheadAttentionOptions> = {
  dropout: true,
  bias: true,
  addBiasKv: true,
  addZeroAttn: true,
  kdim: true,
  vdim: true,
  batchFirst: true,
  device: true,
  dtype: true,
};

/** Options of {@linkcode MultiheadAttention.forward}. */
export interface AttentionCallOptions extends AttentionMasks {
  /** Whether weights are a result; true by default. Without them less memory is needed. */
  readonly needWeights?: boolean;
  /** Whether the weights of all heads become one; true by default. */
  readonly averageAttnWeights?: boolean;
}
const ATTENTION_CALL_OPTIONS: OptionKeys<AttentionCallOptions> = {
  needWeights: true,
  averageAttnWeights: true,
  attnMask: true,
  keyPaddingMask: true,
  isCausal: true,
};

/**
 * Attention of several heads (Vaswani et al. 2017, arXiv:1706.03762): query, key and value are projected, each head
 * attends to its share of the features, and all of them together are projected again.
 *
 * Query [l, n, embedDim], key [s, n, kdim], value [s, n, vdim], or all of them without n; output in the shape of the
 * query, weights [n, l, s], or [n, numHeads, l, s].
 *
 * @example Self-attention
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, randn, ReferenceBackend, setDefaultDevice } from "@troodon/core";
 * import { MultiheadAttention } from "@troodon/nn";
 *
 * setDefaultDevice(new Device(new ReferenceBackend()));
 * const attention = new MultiheadAttention(8, 2, { batchFirst: true }), x = randn([3, 5, 8]);
 * const [output, weights] = attention(x, x, x);
 * assertEquals([output.shape, weights?.shape], [[3, 5, 8], [3, 5, 5]]);
 * ```
 */
export class MultiheadAttention extends Module<
  [query: Tensor, key: Tensor, value: Tensor, options?: AttentionCallOptions],
  readonly [output: Tensor, weights: Tensor | null]
> {
  /** Of query, key and value, one below the other [3 * embedDim, embedDim]; null where their features differ. */
  readonly inProjWeight: Parameter | null = null;
  /** [embedDim, embedDim], or null. */
  readonly qProjWeight: Parameter | null = null;
  /** [embedDim, kdim], or null. */
  readonly kProjWeight: Parameter | null = null;
  /** [embedDim, vdim], or null. */
  readonly vProjWeight: Parameter | null = null;
  /** [3 * embedDim], or null. */
  readonly inProjBias: Parameter | null;
  /** A further key that every query sees [1, 1, embedDim], or null. */
  readonly biasK: Parameter | null = null;
  /** The value of that key [1, 1, embedDim], or null. */
  readonly biasV: Parameter | null = null;
  /** The last projection. */
  readonly outProj: Linear;
  /** Number of heads. */
  readonly numHeads: number;
  /** Part of the attention weights that is left out while training. */
  protected readonly dropout: number;
  /** Whether inputs are [n, length, features]. */
  protected readonly batchFirst: boolean;
  /** Whether a key and a value of zeros are added. */
  protected readonly addZeroAttn: boolean;

  /**
   * A layer with weights drawn from the device's generator.
   *
   * @throws {RangeError} If `numHeads` does not divide `embedDim`.
   */
  constructor(embedDim: number, numHeads: number, options: MultiheadAttentionOptions = {}) {
    checkSurplus(new.target.name, arguments, 3);
    checkExtents(new.target.name, { embedDim, numHeads });
    options = readOptions(new.target.name, options, MULTIHEAD_ATTENTION_OPTIONS);
    super();
    const { dropout = 0, kdim = embedDim, vdim = embedDim, batchFirst = false, bias = true } = options;
    if (!Number.isInteger(embedDim / numHeads)) {
      throw new RangeError(
        `Cannot make MultiheadAttention as numHeads must divide embedDim: current numbers are ${numHeads} and ${embedDim}`,
      );
    }
    this.numHeads = numHeads;
    this.dropout = dropout;
    this.batchFirst = batchFirst;
    this.addZeroAttn = options.addZeroAttn ?? false;
    const made = (shape: readonly number[]) => {
      const parameter = emptyParameter(shape, options);
      xavierUniform_(parameter);
      return parameter;
    };
    if (kdim === embedDim && vdim === embedDim) this.inProjWeight = made([3 * embedDim, embedDim]);
    else {
      this.qProjWeight = made([embedDim, embedDim]);
      this.kProjWeight = made([embedDim, kdim]);
      this.vProjWeight = made([embedDim, vdim]);
    }
    this.inProjBias = bias ? emptyParameter([3 * embedDim], options) : null;
    this.outProj = new NonDynamicallyQuantizableLinear(embedDim, embedDim, {
      bias,
      ...pickOptions(options, LAYER_OPTIONS),
    });
    if (options.addBiasKv) {
      this.biasK = emptyParameter([1, 1, embedDim], options);
      this.biasV = emptyParameter([1, 1, embedDim], options);
      xavierNormal_(this.biasK);
      xavierNormal_(this.biasV);
    }
    if (this.inProjBias) zeros_(this.inProjBias);
    if (this.outProj.bias) zeros_(this.outProj.bias);
  }

  /**
   * What the query attends to, and with which weights.
   *
   * @param query [l, n, embedDim], [n, l, embedDim] with `batchFirst`, or [l, embedDim]
   * @param key [s, n, kdim], laid out alike
   * @param value [s, n, vdim], laid out alike
   * @param options Masks, in which true hides a key, and whether weights are wanted.
   */
  override forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    options: AttentionCallOptions = {},
  ): readonly [output: Tensor, weights: Tensor | null] {
    options = readOptions("MultiheadAttention.forward()", options, ATTENTION_CALL_OPTIONS);
    const inProjWeight = this.inProjWeight ??
      [this.qProjWeight!, this.kProjWeight!, this.vProjWeight!] as const;
    const { weight: outProjWeight, bias: outProjBias } = this.outProj,
      { inProjBias, biasK, biasV, training } = this;
    return multiHeadAttention(query, key, value, this.numHeads, {
      inProjWeight,
      inProjBias,
      outProjWeight,
      outProjBias,
      biasK,
      biasV,
    }, {
      ...options,
      training,
      dropoutP: this.dropout,
      batchFirst: this.batchFirst,
      addZeroAttn: this.addZeroAttn,
    });
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    const {
      numHeads,
      dropout,
      addZeroAttn,
      batchFirst,
      outProj,
      kProjWeight,
      vProjWeight,
      inProjBias,
      biasK,
    } = this;
    const [embedDim] = outProj.weight.shape;
    return [embedDim, numHeads, {
      dropout,
      bias: inProjBias !== null,
      addBiasKv: biasK !== null,
      addZeroAttn,
      kdim: kProjWeight?.shape[1],
      vdim: vProjWeight?.shape[1],
      batchFirst,
    }];
  }
}
