/** Transformer blocks of GPT-2. */
import { empty, gelu, linear, ones, scaledDotProductAttention, type Tensor } from "@troodon/core";
import { Dropout, init, LayerNorm, Module, Parameter } from "@troodon/nn";
import type { CompleteGPT2Config } from "./gpt2_config.ts";
import type { KVCache } from "./kv_cache.ts";

/** Linear layer whose weight is [inFeatures, outFeatures], as in the files of GPT-2. */
export class Conv1D extends Module {
  /** Weight [inFeatures, outFeatures]. */
  readonly weight: Parameter;
  /** Bias [outFeatures]. */
  readonly bias: Parameter;

  /** Creates a layer with weights from a normal distribution of standard deviation `std`, and zero biases. */
  constructor(inFeatures: number, outFeatures: number, std = 0.02) {
    super();
    using weight = empty([inFeatures, outFeatures]);
    using bias = empty([outFeatures]);
    this.weight = new Parameter(weight);
    this.bias = new Parameter(bias);
    init.normal_(this.weight, 0, std);
    init.zeros_(this.bias);
  }

  /** Applies the layer: [..., inFeatures] to [..., outFeatures]. */
  override forward(x: Tensor): Tensor {
    return linear(x, this.weight.t(), this.bias);
  }

  /** Returns the constructor arguments that recreate this layer. */
  override describe(): readonly unknown[] {
    return [...this.weight.shape];
  }
}

/** Options of a forward pass through a block. */
export interface GPT2CallOptions {
  /** Keys and values of earlier tokens; those of this call are added. */
  readonly cache?: KVCache | undefined;
}

/** Causal self-attention: each token attends to itself and earlier ones. */
export class GPT2Attention extends Module<[x: Tensor, options?: GPT2CallOptions]> {
  /** Projection to queries, keys and values. Layers are named as in the state dict. */
  readonly c_attn: Conv1D;
  /** Output projection of all heads. */
  readonly c_proj: Conv1D;
  /** Dropout after the output projection. */
  readonly residDropout: Dropout;
  /** Number of heads. */
  protected readonly heads: number;
  /** Index of the block. */
  protected readonly layer: number;
  /** Dropout probability of the attention weights. */
  protected readonly dropout: number;

  /** Creates the attention of block `layer`. */
  constructor({ nEmbd, nHead, nLayer, residPdrop, attnPdrop }: CompleteGPT2Config, layer: number) {
    super();
    this.heads = nHead;
    this.layer = layer;
    this.dropout = attnPdrop;
    this.c_attn = new Conv1D(nEmbd, 3 * nEmbd);
    this.c_proj = new Conv1D(nEmbd, nEmbd, 0.02 / Math.sqrt(2 * nLayer));
    this.residDropout = new Dropout(residPdrop);
  }

  /** Applies the attention: [n, t, nEmbd] to the same shape. */
  override forward(x: Tensor, { cache }: GPT2CallOptions = {}): Tensor {
    const [n = 0, t = 0, features = 0] = x.shape, past = cache?.length ?? 0;
    const [query, key, value] = this.c_attn(x).split(features, 2).map((part) =>
      part.view(n, t, this.heads, -1).transpose(1, 2)
    ) as [Tensor, Tensor, Tensor];
    const [keys, values] = cache?.append(this.layer, key, value) ?? [key, value];
    const attended = scaledDotProductAttention(query, keys, values, {
      dropoutP: this.training ? this.dropout : 0,
      // A single token attends to all earlier ones; several tokens after cached ones need a mask that is
      // causal among themselves.
      ...(past === 0 && t > 1 && { isCausal: true }),
      ...(past > 0 && t > 1 &&
        { attnMask: ones([t, past + t], { device: x.device, dtype: "bool" }).tril(past) }),
    });
    return this.residDropout(this.c_proj(attended.transpose(1, 2).reshape(n, t, features)));
  }
}

/** Feed-forward network of two layers, applied to each token. */
export class GPT2MLP extends Module {
  /** Projection to the inner units. */
  readonly c_fc: Conv1D;
  /** Projection back to the features. */
  readonly c_proj: Conv1D;
  /** Dropout of the output. */
  readonly dropout: Dropout;

  /** Creates the feed-forward network of a block. */
  constructor({ nEmbd, nInner, nLayer, residPdrop }: CompleteGPT2Config) {
    super();
    this.c_fc = new Conv1D(nEmbd, nInner);
    this.c_proj = new Conv1D(nInner, nEmbd, 0.02 / Math.sqrt(2 * nLayer));
    this.dropout = new Dropout(residPdrop);
  }

  /** Applies the layers: [n, t, nEmbd] to the same shape. */
  override forward(x: Tensor): Tensor {
    return this.dropout(this.c_proj(gelu(this.c_fc(x), { approximate: "tanh" })));
  }
}

/** Attention and a feed-forward network, each with a residual connection. */
export class GPT2Block extends Module<[x: Tensor, options?: GPT2CallOptions]> {
  /** Normalization before the attention. */
  readonly ln_1: LayerNorm;
  /** Self-attention. */
  readonly attn: GPT2Attention;
  /** Normalization before the feed-forward network. */
  readonly ln_2: LayerNorm;
  /** Feed-forward network. */
  readonly mlp: GPT2MLP;

  /** Creates block `layer`. */
  constructor(config: CompleteGPT2Config, layer: number) {
    super();
    const { nEmbd, layerNormEpsilon: eps } = config;
    this.ln_1 = new LayerNorm(nEmbd, { eps });
    this.attn = new GPT2Attention(config, layer);
    this.ln_2 = new LayerNorm(nEmbd, { eps });
    this.mlp = new GPT2MLP(config);
  }

  /** Applies the block: [n, t, nEmbd] to the same shape. */
  override forward(x: Tensor, options: GPT2CallOptions = {}): Tensor {
    const y = x.add(this.attn(this.ln_1(x), options));
    return y.add(this.mlp(this.ln_2(y)));
  }
}
