/** GPT-2 models. */
import { arange, type Tensor } from "@troodon/core";
import { Dropout, Embedding, init, LayerNorm, Linear, Module, ModuleList } from "@troodon/nn";
import { readOptions } from "@troodon/core/kernel";
import { type CompleteGPT2Config, completeGPT2Config, GPT2_CONFIG, type GPT2Config } from "./gpt2_config.ts";
import { GPT2Block, type GPT2CallOptions } from "./gpt2_block.ts";

/**
 * GPT-2 without its head: embeddings, blocks and a final normalization, from ids [n, t] to features
 * [n, t, nEmbd].
 */
export class GPT2Model extends Module<[ids: Tensor, options?: GPT2CallOptions]> {
  /** Token embeddings. */
  readonly wte: Embedding;
  /** Position embeddings. */
  readonly wpe: Embedding;
  /** Dropout after the embeddings. */
  readonly drop: Dropout;
  /** Transformer blocks. */
  readonly h: ModuleList<GPT2Block>;
  /** Final normalization. */
  readonly ln_f: LayerNorm;

  /** Creates a model with weights drawn from the generator of the device. */
  constructor(
    { vocabSize, nPositions, nEmbd, nLayer, embdPdrop, layerNormEpsilon, ...others }: CompleteGPT2Config,
  ) {
    super();
    const config = { vocabSize, nPositions, nEmbd, nLayer, embdPdrop, layerNormEpsilon, ...others };
    this.wte = new Embedding(vocabSize, nEmbd);
    this.wpe = new Embedding(nPositions, nEmbd);
    for (const { weight } of [this.wte, this.wpe]) init.normal_(weight, 0, 0.02);
    this.drop = new Dropout(embdPdrop);
    this.h = new ModuleList(Array.from({ length: nLayer }, (_, layer) => new GPT2Block(config, layer)));
    this.ln_f = new LayerNorm(nEmbd, { eps: layerNormEpsilon });
  }

  /**
   * Returns the features of tokens; each token attends only to itself and earlier ones.
   *
   * @throws {RangeError} If there are more tokens than positions.
   */
  override forward(ids: Tensor, options: GPT2CallOptions = {}): Tensor {
    const { cache } = options,
      [, t = 0] = ids.shape,
      past = cache?.length ?? 0,
      positions = this.wpe.weight.shape[0]!;
    if (ids.ndim !== 2 || past + t > positions) {
      throw new RangeError(
        `Cannot apply GPT2Model as ids must be [n, t] of at most ${positions} tokens: current shape is [${
          ids.shape.join(", ")
        }]${past > 0 ? `, after ${past} in the cache` : ""}`,
      );
    }
    const places = arange(past, past + t, { device: ids.device, dtype: "int32" });
    let x = this.drop(this.wte(ids).add(this.wpe(places)));
    for (const block of this.h) x = block(x, options);
    cache?.advance(t);
    return this.ln_f(x);
  }
}

/**
 * GPT-2 (Radford et al. 2019) with a language modeling head that shares its weight with the token embeddings:
 * ids [n, t] to logits [n, t, vocabSize]. The state dict has the names of Hugging Face's `GPT2LMHeadModel`.
 *
 * @example A small model
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, setDefaultDevice, tensor } from "@troodon/core";
 * import { GPT2LMHeadModel } from "@troodon/models";
 *
 * setDefaultDevice(new Device(new ReferenceBackend()));
 * const model = new GPT2LMHeadModel({ vocabSize: 10, nPositions: 8, nEmbd: 4, nLayer: 1, nHead: 2 }).eval();
 * assertEquals(model(tensor([[1, 2, 3]], { dtype: "int32" })).shape, [1, 3, 10]);
 * ```
 */
export class GPT2LMHeadModel extends Module<[ids: Tensor, options?: GPT2CallOptions]> {
  /** Model without the head. */
  readonly transformer: GPT2Model;
  /** Head that computes the logits. */
  readonly lm_head: Linear;
  /** Configuration of the network. */
  readonly config: CompleteGPT2Config;

  /**
   * Creates a model with weights drawn from the generator of the device.
   *
   * @throws {RangeError} If `nHead` does not divide `nEmbd`.
   */
  constructor(config: GPT2Config = {}) {
    const complete = completeGPT2Config(readOptions(new.target.name, config, GPT2_CONFIG));
    super();
    this.config = complete;
    this.transformer = new GPT2Model(complete);
    this.lm_head = new Linear(complete.nEmbd, complete.vocabSize, { bias: false });
    this.lm_head.weight.dispose();
    this.lm_head.weight = this.transformer.wte.weight;
  }

  /**
   * Returns the logits of the token after each given one.
   *
   * @param options `cache`: keys and values of earlier tokens, to which those of these tokens are added.
   * @throws {RangeError} If there are more tokens than positions.
   */
  override forward(ids: Tensor, options: GPT2CallOptions = {}): Tensor {
    return this.lm_head(this.transformer(ids, options));
  }

  /** Returns the constructor arguments that recreate this model. */
  override describe(): readonly unknown[] {
    return [this.config];
  }
}
