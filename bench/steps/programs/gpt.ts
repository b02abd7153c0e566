/** A language model of characters (Radford et al. 2019, "Language Models are Unsupervised Multitask Learners"). */
import { arange, randint, scaledDotProductAttention, type Tensor } from "@troodon/core";
import {
  AdamW,
  CrossEntropyLoss,
  Embedding,
  GELU,
  LayerNorm,
  Linear,
  Module,
  ModuleList,
  Sequential,
} from "@troodon/troodon";
import { type Program, stepOf } from "./program.ts";

const [LENGTH, WIDTH, HEADS, LAYERS, CHARACTERS] = [256, 384, 6, 6, 65] as const;

/** Attention to what came before, and two linear layers, each beside what passes it by. */
class Block extends Module {
  readonly norm1: LayerNorm = new LayerNorm(WIDTH);
  readonly attention: Linear = new Linear(WIDTH, 3 * WIDTH);
  readonly projection: Linear = new Linear(WIDTH, WIDTH);
  readonly norm2: LayerNorm = new LayerNorm(WIDTH);
  readonly mlp: Sequential = new Sequential(
    new Linear(WIDTH, 4 * WIDTH),
    new GELU(),
    new Linear(4 * WIDTH, WIDTH),
  );

  override forward(x: Tensor): Tensor {
    const attended = x.add(this.projection.forward(this.#attend(this.norm1.forward(x))));
    return attended.add(this.mlp.forward(this.norm2.forward(attended)));
  }

  #attend(x: Tensor): Tensor {
    const [n, length] = x.shape as [number, number];
    const parts = this.attention.forward(x).split(WIDTH, -1);
    const [q, k, v] = parts.map((part) => part.reshape([n, length, HEADS, -1]).transpose(1, 2));
    const heads = scaledDotProductAttention(q!, k!, v!, { isCausal: true });
    return heads.transpose(1, 2).reshape([n, length, WIDTH]);
  }
}

/** Embeddings of characters and places, the blocks, and a score for each character. */
class Gpt extends Module {
  readonly characters: Embedding = new Embedding(CHARACTERS, WIDTH);
  readonly places: Embedding = new Embedding(LENGTH, WIDTH);
  readonly blocks: ModuleList = new ModuleList(Array.from({ length: LAYERS }, () => new Block()));
  readonly norm: LayerNorm = new LayerNorm(WIDTH);
  readonly head: Linear = new Linear(WIDTH, CHARACTERS, { bias: false });

  override forward(text: Tensor): Tensor {
    const places = arange(0, text.shape[1]!, 1, { dtype: "int32", device: text.device });
    let x = this.characters.forward(text).add(this.places.forward(places));
    for (const block of this.blocks) x = block.forward(x) as Tensor;
    return this.head.forward(this.norm.forward(x));
  }
}

/** Texts of 256 characters. */
export const GPT: Program = {
  title: "GPT 256 long, 384 wide, 6 heads, 6 layers, AdamW",
  batchSize: 8,
  prepare(batchSize) {
    const model = new Gpt(), criterion = new CrossEntropyLoss();
    const draw = () => randint(0, CHARACTERS, [batchSize, LENGTH], { dtype: "int32" });
    const text = draw(), next = draw().reshape([-1]);
    const optimizer = new AdamW(model.parameters(), { lr: 1e-3 });
    return stepOf(optimizer, () => criterion.forward(model.forward(text).reshape([-1, CHARACTERS]), next));
  },
};
