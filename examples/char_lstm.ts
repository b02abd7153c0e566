/**
 * An LSTM that learns a text character by character, by truncated backpropagation through
 * time, and then writes on by itself. The loss is that of a character, in nats: log(alphabet)
 * for pure guessing.
 *
 *     deno run -A examples/char_lstm.ts [--text FILE] [--steps 600] [--hidden 128] [--write 300]
 *
 * Without a file it learns this project's own page on its architecture.
 */
import { parseArgs } from "@std/cli";
import {
  Adam,
  chooseDevice,
  clipGradNorm,
  CrossEntropyLoss,
  Embedding,
  Generator,
  LabelEncoder,
  Linear,
  LSTM,
  manualSeed,
  Module,
  noGrad,
  Scope,
  type Tensor,
  tensor,
} from "@troodon/troodon";

const options = parseArgs(Deno.args, {
  string: ["text", "steps", "hidden", "write"],
  default: { steps: "600", hidden: "128", write: "300" },
});
await chooseDevice();
manualSeed(0);

const file = options.text ?? new URL("../packages/README.md", import.meta.url);
const characters = [...await Deno.readTextFile(file)];
const encoder = new LabelEncoder<string>().fit(characters);
const codes = encoder.transform(characters);
const alphabet = encoder.classes.length;
console.log(
  `${characters.length} characters, ${alphabet} different: guessing is ${Math.log(alphabet).toFixed(3)}`,
);

type State = readonly [h: Tensor, c: Tensor];

class Writer extends Module<[codes: Tensor, state?: State | null], readonly [Tensor, State]> {
  embedding: Embedding;
  lstm: LSTM;
  head: Linear;

  constructor(hidden: number) {
    super();
    this.embedding = new Embedding(alphabet, 32);
    this.lstm = new LSTM(32, hidden, { batchFirst: true });
    this.head = new Linear(hidden, alphabet);
  }

  override forward(codes: Tensor, state: State | null = null): readonly [Tensor, State] {
    const [output, next] = this.lstm(this.embedding(codes), state);
    return [this.head(output), next];
  }
}

// The text in as many strips as a batch has rows, each read from left to right.
const rows = 16, width = 32;
const length = Math.floor((characters.length - 1) / rows);
const inputs = codes.narrow(0, 0, rows * length).reshape([rows, length]);
const targets = codes.narrow(0, 1, rows * length).reshape([rows, length]);

const net = new Writer(Number(options.hidden));
const criterion = new CrossEntropyLoss();
const optimizer = new Adam(net.parameters(), { lr: 4e-3 });
const steps = Number(options.steps);
let state: State | null = null, place = 0;
for (let step = 1; step <= steps; step++) {
  if (place + width > length) {
    for (const part of state ?? []) part.dispose();
    state = null;
    place = 0;
  }
  using scope = new Scope();
  // The state goes round the loop: TypeScript wants the type of what comes out (TS7022).
  const [logits, next]: readonly [Tensor, State] = net(inputs.narrow(1, place, width), state);
  const loss = criterion(logits.flatten(0, 1), targets.narrow(1, place, width).flatten());
  optimizer.zeroGrad();
  loss.backward();
  clipGradNorm(net.parameters(), 1);
  optimizer.step();
  for (const part of state ?? []) part.dispose();
  // The state goes on, its history does not.
  state = [scope.keep(next[0].detach()), scope.keep(next[1].detach())];
  place += width;
  if (step % 100 === 0 || step === 1 || step === steps) {
    console.log(`step ${step}: loss ${loss.item().toFixed(4)}`);
  }
}

// Writing: each character is drawn from what the network expects, a little sharpened.
const generator = new Generator(1);
net.eval();
let code = encoder.transform(["T"]).dataSync()[0]!, memory: State | null = null, written = "T";
for (let i = 0; i < Number(options.write); i++) {
  using scope = new Scope();
  using _off = noGrad();
  const [logits, next]: readonly [Tensor, State] = net(tensor([[Number(code)]], { dtype: "int32" }), memory);
  const chances = logits.flatten().div(0.7).softmax(0).dataSync();
  let rest = generator.random();
  code = chances.findIndex((chance: number | bigint) => (rest -= Number(chance)) < 0);
  for (const part of memory ?? []) part.dispose();
  memory = [scope.keep(next[0]), scope.keep(next[1])];
  written += encoder.classes[Number(code)] ?? "";
}
console.log(written);
