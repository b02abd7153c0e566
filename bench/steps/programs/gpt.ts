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
import { type Program, program, type ProgramSize } from "./program.ts";

/** Extents of the network. */
interface GptSize {
  readonly length: number;
  readonly width: number;
  readonly heads: number;
  readonly layers: number;
  readonly characters: number;
}

const SIZES: Readonly<Record<ProgramSize, GptSize>> = {
  usual: { length: 256, width: 384, heads: 6, layers: 6, characters: 65 },
  small: { length: 6, width: 8, heads: 2, layers: 2, characters: 9 },
};

/** Attention to what came before, and two linear layers, each beside what passes it by. */
class Block extends Module {
  readonly norm1: LayerNorm;
  readonly attention: Linear;
  readonly projection: Linear;
  readonly norm2: LayerNorm;
  readonly mlp: Sequential;
  readonly heads: number;
  readonly width: number;

  constructor({ width, heads }: GptSize) {
    super();
    this.norm1 = new LayerNorm(width);
    this.attention = new Linear(width, 3 * width);
    this.projection = new Linear(width, width);
    this.norm2 = new LayerNorm(width);
    this.mlp = new Sequential(new Linear(width, 4 * width), new GELU(), new Linear(4 * width, width));
    this.heads = heads;
    this.width = width;
  }

  override forward(x: Tensor): Tensor {
    const attended = x.add(this.projection.forward(this.#attend(this.norm1.forward(x))));
    return attended.add(this.mlp.forward(this.norm2.forward(attended)));
  }

  #attend(x: Tensor): Tensor {
    const { heads, width } = this, [n, length] = x.shape as [number, number];
    const parts = this.attention.forward(x).split(width, -1);
    const [q, k, v] = parts.map((part) => part.reshape([n, length, heads, -1]).transpose(1, 2));
    const attended = scaledDotProductAttention(q!, k!, v!, { isCausal: true });
    return attended.transpose(1, 2).reshape([n, length, width]);
  }
}

/** Embeddings of characters and places, the blocks, and a score for each character. */
class Gpt extends Module {
  readonly characters: Embedding;
  readonly places: Embedding;
  readonly blocks: ModuleList;
  readonly norm: LayerNorm;
  readonly head: Linear;

  constructor(size: GptSize) {
    super();
    const { characters, length, width, layers } = size;
    this.characters = new Embedding(characters, width);
    this.places = new Embedding(length, width);
    this.blocks = new ModuleList(Array.from({ length: layers }, () => new Block(size)));
    this.norm = new LayerNorm(width);
    this.head = new Linear(width, characters, { bias: false });
  }

  override forward(text: Tensor): Tensor {
    const places = arange(0, text.shape[1]!, 1, { dtype: "int32", device: text.device });
    let x = this.characters.forward(text).add(this.places.forward(places));
    for (const block of this.blocks) x = block.forward(x) as Tensor;
    return this.head.forward(this.norm.forward(x));
  }
}

/** Texts of 256 characters. */
export const GPT: Program = program({
  title: "GPT 256 long, 384 wide, 6 heads, 6 layers, AdamW",
  batchSize: 8,
  build(batchSize, size = "usual") {
    const { length, characters } = SIZES[size], model = new Gpt(SIZES[size]);
    const criterion = new CrossEntropyLoss();
    const draw = () => randint(0, characters, [batchSize, length], { dtype: "int32" });
    return {
      model,
      optimizer: () => new AdamW(model.parameters(), { lr: 1e-3 }),
      draw: () => [draw(), draw().reshape([-1])],
      loss: (text, next) => criterion.forward(model.forward(text!).reshape([-1, characters]), next!),
    };
  },
});
