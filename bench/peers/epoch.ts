/** One epoch of a model on MNIST with Troodon: the same work as epoch.py. Prints seconds as JSON. */
import { parseArgs } from "@std/cli";
import {
  Adam,
  chooseDevice,
  Compose,
  Conv2d,
  CrossEntropyLoss,
  DataLoader,
  Flatten,
  Linear,
  manualSeed,
  MaxPool2d,
  Mnist,
  Normalize,
  ReLU,
  Scope,
  Sequential,
  Subset,
  type Tensor,
  ToTensor,
} from "@troodon/troodon";

const flags = parseArgs(Deno.args, {
  string: ["model", "data", "batch-size", "limit"],
  default: { model: "mlp", "batch-size": "64", limit: "60000" },
});
manualSeed(0);
await chooseDevice("cpu", { log: () => {} });
const net = flags.model === "mlp"
  ? new Sequential(new Flatten(), new Linear(784, 256), new ReLU(), new Linear(256, 10))
  : new Sequential(
    new Conv2d(1, 16, 5),
    new ReLU(),
    new MaxPool2d(2),
    new Conv2d(16, 32, 5),
    new ReLU(),
    new MaxPool2d(2),
    new Flatten(),
    new Linear(512, 128),
    new ReLU(),
    new Linear(128, 10),
  );
const optimizer = new Adam(net.parameters(), { lr: 1e-3 });
const lossOf = new CrossEntropyLoss();

const transform = new Compose([new ToTensor(), new Normalize([0.1307], [0.3081])]);
const images = await Mnist.open({ root: flags.data!, offline: true, transform });
const dataset = new Subset(images, Array.from({ length: Number(flags.limit) }, (_, i) => i));
const loader = new DataLoader(dataset, { batchSize: Number(flags["batch-size"]), shuffle: true });

function step(image: Tensor, label: Tensor): Tensor {
  optimizer.zeroGrad();
  const loss = lossOf.forward(net.forward(image), label);
  loss.backward();
  optimizer.step();
  return loss;
}

async function steps(most: number): Promise<number> {
  let loss = NaN, done = 0;
  for await (using batch of loader) {
    using _ = new Scope();
    const last = step(batch.image, batch.label);
    if (++done === most || done === loader.length) loss = last.item();
    if (done === most) break;
  }
  return loss;
}

await steps(10);
const start = performance.now();
const loss = await steps(Infinity);
console.log(JSON.stringify({ seconds: (performance.now() - start) / 1000, loss }));
