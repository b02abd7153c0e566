/** A recurrent network over a sequence. */
import { randint, type Tensor } from "@troodon/core";
import { Adam, CrossEntropyLoss, Embedding, Linear, LSTM, Module } from "@troodon/troodon";
import { type Program, program, type ProgramSize } from "./program.ts";

/** Extents of the network. */
interface LstmSize {
  readonly length: number;
  readonly width: number;
  readonly hidden: number;
  readonly characters: number;
}

const SIZES: Readonly<Record<ProgramSize, LstmSize>> = {
  usual: { length: 64, width: 32, hidden: 128, characters: 65 },
  small: { length: 4, width: 3, hidden: 5, characters: 7 },
};

/** An embedding, an LSTM and a score for each character at each place. */
class CharacterModel extends Module {
  readonly embedding: Embedding;
  readonly lstm: LSTM;
  readonly head: Linear;

  constructor({ characters, width, hidden }: LstmSize) {
    super();
    this.embedding = new Embedding(characters, width);
    this.lstm = new LSTM(width, hidden, { batchFirst: true });
    this.head = new Linear(hidden, characters);
  }

  override forward(text: Tensor): Tensor {
    const [hidden] = this.lstm.forward(this.embedding.forward(text));
    return this.head.forward(hidden);
  }
}

/** Texts of 64 characters. */
export const RECURRENT: Program = program({
  title: "LSTM 64 long, 128 wide, Adam",
  batchSize: 32,
  build(batchSize, size = "usual") {
    const { length, characters } = SIZES[size], model = new CharacterModel(SIZES[size]);
    const criterion = new CrossEntropyLoss();
    const draw = () => randint(0, characters, [batchSize, length], { dtype: "int32" });
    return {
      model,
      optimizer: () => new Adam(model.parameters(), { lr: 2e-3 }),
      draw: () => [draw(), draw().reshape([-1])],
      loss: (text, next) => criterion.forward(model.forward(text!).reshape([-1, characters]), next!),
    };
  },
});
