/** The encoder of vision transformers. */
import { randn, type Tensor } from "@troodon/core";
import {
  Dropout,
  GELU,
  init,
  LayerNorm,
  Linear,
  Module,
  MultiheadAttention,
  Parameter,
  Sequential,
} from "@troodon/nn";

/** Sizes of a {@linkcode ViTEncoderBlock}. */
export interface ViTEncoderBlockOptions {
  /** Number of heads. */
  readonly numHeads: number;
  /** Features of a token. */
  readonly hiddenDim: number;
  /** Units of the inner layer. */
  readonly mlpDim: number;
  /** Part of the features that is left out while training. */
  readonly dropout: number;
  /** Part of the attention weights that is left out while training. */
  readonly attentionDropout: number;
}

const norm = (dim: number): LayerNorm => new LayerNorm(dim, { eps: 1e-6 });

/** Two layers over each token. */
function mlp(hiddenDim: number, mlpDim: number, dropout: number): Sequential {
  const layers = new Sequential(
    new Linear(hiddenDim, mlpDim),
    new GELU(),
    new Dropout(dropout),
    new Linear(mlpDim, hiddenDim),
    new Dropout(dropout),
  );
  for (const layer of layers) {
    if (!(layer instanceof Linear)) continue;
    init.xavierUniform_(layer.weight);
    if (layer.bias) init.normal_(layer.bias, 0, 1e-6);
  }
  return layers;
}

/** Attention and two layers over each token, each beside the identity: [n, length, hiddenDim] to the same shape. */
export class ViTEncoderBlock extends Module {
  /** In front of the attention. Its name and that of the other one are those of state dicts. */
  readonly ln_1: LayerNorm;
  /** Of all tokens to all. */
  readonly selfAttention: MultiheadAttention;
  /** After the attention. */
  readonly dropout: Dropout;
  /** In front of the layers. */
  readonly ln_2: LayerNorm;
  /** The layers. */
  readonly mlp: Sequential;
  /** Arguments of the constructor. */
  protected readonly options: ViTEncoderBlockOptions;

  /** A block with weights drawn from the generator of the device. */
  constructor(options: ViTEncoderBlockOptions) {
    super();
    this.options = options;
    const { numHeads, hiddenDim, mlpDim, dropout, attentionDropout } = options;
    this.ln_1 = norm(hiddenDim);
    this.selfAttention = new MultiheadAttention(hiddenDim, numHeads, {
      dropout: attentionDropout,
      batchFirst: true,
    });
    this.dropout = new Dropout(dropout);
    this.ln_2 = norm(hiddenDim);
    this.mlp = mlp(hiddenDim, mlpDim, dropout);
  }

  /** Tokens that have seen each other. */
  override forward(x: Tensor): Tensor {
    const normed = this.ln_1(x);
    const [attended] = this.selfAttention(normed, normed, normed, { needWeights: false });
    const y = this.dropout(attended).add(x);
    return y.add(this.mlp(this.ln_2(y)));
  }

  /** The arguments that make a block like this one. */
  override describe(): readonly unknown[] {
    return [this.options];
  }
}

/** Places added to tokens, blocks of attention, and a normalization: [n, seqLength, hiddenDim] to the same shape. */
export class ViTEncoder extends Module {
  /** Added to the tokens [1, seqLength, hiddenDim]. */
  readonly posEmbedding: Parameter;
  /** After the places. */
  readonly dropout: Dropout;
  /** The blocks. */
  readonly layers: Sequential;
  /** At the end. */
  readonly ln: LayerNorm;
  /** Arguments of the constructor. */
  protected readonly made: readonly [seqLength: number, numLayers: number, options: ViTEncoderBlockOptions];

  /** An encoder with weights drawn from the generator of the device. */
  constructor(seqLength: number, numLayers: number, options: ViTEncoderBlockOptions) {
    super();
    this.made = [seqLength, numLayers, options];
    using places = randn([1, seqLength, options.hiddenDim]).mul(0.02);
    this.posEmbedding = new Parameter(places);
    this.dropout = new Dropout(options.dropout);
    this.layers = new Sequential(
      Object.fromEntries(
        Array.from({ length: numLayers }, (_, i) => [`encoder_layer_${i}`, new ViTEncoderBlock(options)]),
      ),
    );
    this.ln = norm(options.hiddenDim);
  }

  /** Tokens that have seen each other. */
  override forward(x: Tensor): Tensor {
    return this.ln(this.layers(this.dropout(x.add(this.posEmbedding))));
  }

  /** The arguments that make an encoder like this one. */
  override describe(): readonly unknown[] {
    return this.made;
  }
}
