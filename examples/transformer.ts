/**
 * A small transformer that learns to sort: eight digits go in, the same in order come out.
 * Each place must look at all others to know its digit, which is what attention is for.
 *
 *     deno run -A examples/transformer.ts [--steps 800]
 */
import { parseArgs } from "@std/cli";
import {
  Accuracy,
  AdamW,
  arange,
  chooseDevice,
  CrossEntropyLoss,
  Embedding,
  Linear,
  manualSeed,
  Module,
  noGrad,
  randint,
  Scope,
  type Tensor,
  TransformerEncoder,
  TransformerEncoderLayer,
} from "@troodon/troodon";

const options = parseArgs(Deno.args, { string: ["steps"], default: { steps: "800" } });
await chooseDevice();
manualSeed(0);

const length = 8, width = 64;

class Sorter extends Module {
  digits = new Embedding(10, width);
  places = new Embedding(length, width);
  encoder = new TransformerEncoder(
    () =>
      new TransformerEncoderLayer(width, 4, {
        dimFeedforward: 128,
        dropout: 0,
        batchFirst: true,
        normFirst: true,
      }),
    2,
  );
  head = new Linear(width, 10);

  override forward(digits: Tensor): Tensor {
    const places = this.places(arange(0, length, 1, { dtype: "int32" }));
    return this.head(this.encoder(this.digits(digits).add(places)));
  }
}

const draw = (n: number): Tensor => randint(0, 10, [n, length]).to("int32");
const sorted = (digits: Tensor): Tensor => digits.sort(1).values;

const net = new Sorter();
console.log([...net.parameters()].reduce((sum, p) => sum + p.numel(), 0), "parameters");
const criterion = new CrossEntropyLoss();
const optimizer = new AdamW(net.parameters(), { lr: 2e-3 });
const steps = Number(options.steps);
for (let step = 1; step <= steps; step++) {
  using _ = new Scope();
  const digits = draw(64);
  const loss = criterion(net(digits).flatten(0, 1), sorted(digits).flatten());
  optimizer.zeroGrad();
  loss.backward();
  optimizer.step();
  if (step % 100 === 0 || step === 1 || step === steps) {
    console.log(`step ${step}: loss ${loss.item().toFixed(4)}`);
  }
}

net.eval();
using metric = new Accuracy();
using _ = new Scope();
const digits = draw(500);
const found = noGrad(() => net(digits));
metric.update(found.flatten(0, 1), sorted(digits).flatten());
const whole = found.argmax(2).eq(sorted(digits)).all(1).float().mean().item();
console.log(
  `digits in their place ${(100 * await metric.compute()).toFixed(1)} %, whole rows ${
    (100 * whole).toFixed(1)
  } %`,
);
for (let i = 0; i < 3; i++) {
  console.log(
    [...digits.select(0, i).dataSync()].join(" "),
    "->",
    [...found.select(0, i).argmax(1).dataSync()].join(" "),
  );
}
