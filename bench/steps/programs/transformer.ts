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
import { type Program, stepOf } from "./program.ts";

const [LENGTH, WIDTH, HEADS, LAYERS, CLASSES] = [8, 64, 4, 2, 10] as const;

/** Encoder layers, the mean over the sequence, and a linear layer. */
class Classifier extends Module {
  readonly encoder: TransformerEncoder;
  readonly head: Linear = new Linear(WIDTH, CLASSES);

  constructor() {
    super();
    const options = { dimFeedforward: 2 * WIDTH, dropout: 0, batchFirst: true, normFirst: true };
    this.encoder = new TransformerEncoder(() => new TransformerEncoderLayer(WIDTH, HEADS, options), LAYERS);
  }

  override forward(x: Tensor): Tensor {
    return this.head.forward(this.encoder.forward(x).mean(1));
  }
}

/** Sequences of 8 vectors, 64 wide, in ten classes. */
export const TRANSFORMER: Program = {
  title: "encoder 8x64, 4 heads, 2 layers, Adam",
  batchSize: 64,
  prepare(batchSize) {
    const model = new Classifier(), criterion = new CrossEntropyLoss();
    const x = randn([batchSize, LENGTH, WIDTH]),
      labels = randint(0, CLASSES, [batchSize], { dtype: "int32" });
    const optimizer = new Adam(model.parameters(), { lr: 1e-3 });
    return stepOf(optimizer, () => criterion.forward(model.forward(x), labels));
  },
};
