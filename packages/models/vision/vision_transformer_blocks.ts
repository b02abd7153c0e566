/** Encoder of vision transformers. */
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
  /** Number of features of a token. */
  readonly hiddenDim: number;
  /** Number of units of the inner layer. */
  readonly mlpDim: number;
  /** Dropout probability of the features. */
  readonly dropout: number;
  /** Dropout probability of the attention weights. */
  readonly attentionDropout: number;
}

const norm = (dim: number): LayerNorm => new LayerNorm(dim, { eps: 1e-6 });

/** Feed-forward network of two layers, applied to each token. */
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

/**
 * Attention and a feed-forward network, each with a residual connection: [n, length, hiddenDim] to the same
 * shape.
 */
export class ViTEncoderBlock extends Module {
  /** Normalization before the attention; normalizations are named as in the state dict. */
  readonly ln_1: LayerNorm;
  /** Self-attention among all tokens. */
  readonly selfAttention: MultiheadAttention;
  /** Dropout after the attention. */
  readonly dropout: Dropout;
  /** Normalization before the feed-forward network. */
  readonly ln_2: LayerNorm;
  /** Feed-forward network. */
  readonly mlp: Sequential;
  /** Arguments of the constructor. */
  protected readonly options: ViTEncoderBlockOptions;

  /** Creates a block with weights drawn from the generator of the device. */
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

  /** Applies the block to tokens. */
  override forward(x: Tensor): Tensor {
    const normed = this.ln_1(x);
    const [attended] = this.selfAttention(normed, normed, normed, { needWeights: false });
    const y = this.dropout(attended).add(x);
    return y.add(this.mlp(this.ln_2(y)));
  }

  /** Returns the constructor arguments that recreate this block. */
  override describe(): readonly unknown[] {
    return [this.options];
  }
}

/**
 * Position embeddings, encoder blocks and a final normalization: [n, seqLength, hiddenDim] to the same shape.
 */
export class ViTEncoder extends Module {
  /** Position embeddings [1, seqLength, hiddenDim]. */
  readonly posEmbedding: Parameter;
  /** Dropout after the position embeddings. */
  readonly dropout: Dropout;
  /** Encoder blocks. */
  readonly layers: Sequential;
  /** Final normalization. */
  readonly ln: LayerNorm;
  /** Arguments of the constructor. */
  protected readonly made: readonly [seqLength: number, numLayers: number, options: ViTEncoderBlockOptions];

  /** Creates an encoder with weights drawn from the generator of the device. */
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

  /** Applies the encoder to tokens. */
  override forward(x: Tensor): Tensor {
    return this.ln(this.layers(this.dropout(x.add(this.posEmbedding))));
  }

  /** Returns the constructor arguments that recreate this encoder. */
  override describe(): readonly unknown[] {
    return this.made;
  }
}
