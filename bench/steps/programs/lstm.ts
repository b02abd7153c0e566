/** A recurrent network over a sequence. */
import { randint, type Tensor } from "@troodon/core";
import { Adam, CrossEntropyLoss, Embedding, Linear, LSTM, Module } from "@troodon/troodon";
import { type Program, stepOf } from "./program.ts";

const [LENGTH, WIDTH, HIDDEN, CHARACTERS] = [64, 32, 128, 65] as const;

/** An embedding, an LSTM and a score for each character at each place. */
class CharacterModel extends Module {
  readonly embedding: Embedding = new Embedding(CHARACTERS, WIDTH);
  readonly lstm: LSTM = new LSTM(WIDTH, HIDDEN, { batchFirst: true });
  readonly head: Linear = new Linear(HIDDEN, CHARACTERS);

  override forward(text: Tensor): Tensor {
    const [hidden] = this.lstm.forward(this.embedding.forward(text));
    return this.head.forward(hidden);
  }
}

/** Texts of 64 characters. */
export const RECURRENT: Program = {
  title: "LSTM 64 long, 128 wide, Adam",
  batchSize: 32,
  prepare(batchSize) {
    const model = new CharacterModel(), criterion = new CrossEntropyLoss();
    const draw = () => randint(0, CHARACTERS, [batchSize, LENGTH], { dtype: "int32" });
    const text = draw(), next = draw().reshape([-1]);
    const optimizer = new Adam(model.parameters(), { lr: 2e-3 });
    return stepOf(optimizer, () => criterion.forward(model.forward(text).reshape([-1, CHARACTERS]), next));
  },
};
