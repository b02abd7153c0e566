/** Blocks of GPT-2. */
import { empty, gelu, linear, ones, scaledDotProductAttention, type Tensor } from "@troodon/core";
import { Dropout, init, LayerNorm, Module, Parameter } from "@troodon/nn";
import type { CompleteGPT2Config } from "./gpt2_config.ts";
import type { KVCache } from "./kv_cache.ts";

/** A linear layer whose weight is [inFeatures, outFeatures], as GPT-2's files have it. */
export class Conv1D extends Module {
  /** [inFeatures, outFeatures]. */
  readonly weight: Parameter;
  /** [outFeatures]. */
  readonly bias: Parameter;

  /** A layer with normal weights of standard deviation `std`, and biases 0. */
  constructor(inFeatures: number, outFeatures: number, std = 0.02) {
    super();
    using weight = empty([inFeatures, outFeatures]);
    using bias = empty([outFeatures]);
    this.weight = new Parameter(weight);
    this.bias = new Parameter(bias);
    init.normal_(this.weight, 0, std);
    init.zeros_(this.bias);
  }

  /** [..., inFeatures] to [..., outFeatures]. */
  override forward(x: Tensor): Tensor {
    return linear(x, this.weight.t(), this.bias);
  }

  /** The arguments that make a layer like this one. */
  override describe(): readonly unknown[] {
    return [...this.weight.shape];
  }
}

/** Options of a call of a block. */
export interface GPT2CallOptions {
  /** Tokens before these; those of this call are added. */
  readonly cache?: KVCache | undefined;
}

/** Attention of each token to itself and those before it. */
export class GPT2Attention extends Module<[x: Tensor, options?: GPT2CallOptions]> {
  /** To query, key and value. The names of layers are those of state dicts. */
  readonly c_attn: Conv1D;
  /** Of all heads together. */
  readonly c_proj: Conv1D;
  /** After the projection. */
  readonly residDropout: Dropout;
  /** Number of heads. */
  protected readonly heads: number;
  /** Number of this block. */
  protected readonly layer: number;
  /** Part of the attention weights that is left out while training. */
  protected readonly dropout: number;

  /** The attention of block `layer`. */
  constructor({ nEmbd, nHead, nLayer, residPdrop, attnPdrop }: CompleteGPT2Config, layer: number) {
    super();
    this.heads = nHead;
    this.layer = layer;
    this.dropout = attnPdrop;
    this.c_attn = new Conv1D(nEmbd, 3 * nEmbd);
    this.c_proj = new Conv1D(nEmbd, nEmbd, 0.02 / Math.sqrt(2 * nLayer));
    this.residDropout = new Dropout(residPdrop);
  }

  /** [n, t, nEmbd] to the same shape. */
  override forward(x: Tensor, { cache }: GPT2CallOptions = {}): Tensor {
    const [n = 0, t = 0, features = 0] = x.shape, past = cache?.length ?? 0;
    const [query, key, value] = this.c_attn(x).split(features, 2).map((part) =>
      part.view(n, t, this.heads, -1).transpose(1, 2)
    ) as [Tensor, Tensor, Tensor];
    const [keys, values] = cache?.append(this.layer, key, value) ?? [key, value];
    const attended = scaledDotProductAttention(query, keys, values, {
      dropoutP: this.training ? this.dropout : 0,
      // One token sees all before it; several after others see those and what is before them among themselves.
      ...(past === 0 && t > 1 && { isCausal: true }),
      ...(past > 0 && t > 1 &&
        { attnMask: ones([t, past + t], { device: x.device, dtype: "bool" }).tril(past) }),
    });
    return this.residDropout(this.c_proj(attended.transpose(1, 2).reshape(n, t, features)));
  }
}

/** Two layers over each token. */
export class GPT2MLP extends Module {
  /** To the inner units. */
  readonly c_fc: Conv1D;
  /** Back. */
  readonly c_proj: Conv1D;
  /** At the end. */
  readonly dropout: Dropout;

  /** The layers of a block. */
  constructor({ nEmbd, nInner, nLayer, residPdrop }: CompleteGPT2Config) {
    super();
    this.c_fc = new Conv1D(nEmbd, nInner);
    this.c_proj = new Conv1D(nInner, nEmbd, 0.02 / Math.sqrt(2 * nLayer));
    this.dropout = new Dropout(residPdrop);
  }

  /** [n, t, nEmbd] to the same shape. */
  override forward(x: Tensor): Tensor {
    return this.dropout(this.c_proj(gelu(this.c_fc(x), { approximate: "tanh" })));
  }
}

/** Attention and two layers over each token, each beside the identity. */
export class GPT2Block extends Module<[x: Tensor, options?: GPT2CallOptions]> {
  /** In front of the attention. */
  readonly ln_1: LayerNorm;
  /** The attention. */
  readonly attn: GPT2Attention;
  /** In front of the layers. */
  readonly ln_2: LayerNorm;
  /** The layers. */
  readonly mlp: GPT2MLP;

  /** Block `layer`. */
  constructor(config: CompleteGPT2Config, layer: number) {
    super();
    const { nEmbd, layerNormEpsilon: eps } = config;
    this.ln_1 = new LayerNorm(nEmbd, { eps });
    this.attn = new GPT2Attention(config, layer);
    this.ln_2 = new LayerNorm(nEmbd, { eps });
    this.mlp = new GPT2MLP(config);
  }

  /** [n, t, nEmbd] to the same shape. */
  override forward(x: Tensor, options: GPT2CallOptions = {}): Tensor {
    const y = x.add(this.attn(this.ln_1(x), options));
    return y.add(this.mlp(this.ln_2(y)));
  }
}
