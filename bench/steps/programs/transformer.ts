/** A small transformer that classifies sequences. */
import { randint, randn, type Tensor } from "@troodon/core";
import {
  Adam,
  CrossEntropyLoss,
  Linear,
  Module,
  TransformerEncoder,
  TransformerEncoderLayer,
} from "@troodon/troodon";
import { type Program, program, type ProgramSize } from "./program.ts";

/** Sizes of sequences and network. */
interface TransformerSize {
  readonly length: number;
  readonly width: number;
  readonly heads: number;
  readonly layers: number;
  readonly classes: number;
  /** Probability that an element is dropped. */
  readonly dropout: number;
}

const SIZES: Readonly<Record<ProgramSize, TransformerSize>> = {
  usual: { length: 8, width: 64, heads: 4, layers: 2, classes: 10, dropout: 0 },
  small: { length: 4, width: 16, heads: 2, layers: 2, classes: 10, dropout: 0.1 },
};

/** Encoder layers, the mean over the sequence, and a linear layer. */
class Classifier extends Module {
  readonly encoder: TransformerEncoder;
  readonly head: Linear;

  constructor({ width, heads, layers, classes, dropout }: TransformerSize) {
    super();
    this.head = new Linear(width, classes);
    const options = { dimFeedforward: 2 * width, dropout, batchFirst: true, normFirst: true };
    this.encoder = new TransformerEncoder(() => new TransformerEncoderLayer(width, heads, options), layers);
  }

  override forward(x: Tensor): Tensor {
    return this.head.forward(this.encoder.forward(x).mean(1));
  }
}

/** Sequences of 8 vectors, 64 wide, in ten classes. */
export const TRANSFORMER: Program = program({
  title: "encoder 8x64, 4 heads, 2 layers, Adam",
  batchSize: 64,
  build(batchSize, size = "usual") {
    const { length, width, classes } = SIZES[size], model = new Classifier(SIZES[size]);
    const criterion = new CrossEntropyLoss();
    return {
      model,
      optimizer: () => new Adam(model.parameters(), { lr: 1e-3 }),
      draw: () => [
        randn([batchSize, length, width]),
        randint(0, classes, [batchSize], { dtype: "int32" }),
      ],
      loss: (x, labels) => criterion.forward(model.forward(x!), labels!),
    };
  },
});
