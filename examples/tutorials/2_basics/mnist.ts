/**
 * Three fully connected networks on MNIST.
 *
 *     deno run -A examples/tutorials/2_basics/mnist.ts --data DIR [--net BatchNet] [--epochs 20] [--seed 0]
 */
import { parseArgs } from "@std/cli";
import {
  chooseDevice,
  Compose,
  DataLoader,
  GeneratedDigits,
  manualSeed,
  Mnist,
  nn,
  noGrad,
  Normalize,
  optim,
  ToTensor,
} from "@troodon/troodon";
import * as net from "./net.ts";

const args = parseArgs(Deno.args, {
  boolean: ["quick"],
  string: ["data", "net", "epochs", "seed"],
  default: { data: "./data", net: "BatchNet", epochs: "20", seed: "0" },
});
await chooseDevice();
manualSeed(Number(args.seed));

// Hyperparameters
const batchSize = 64;
const learningRate = 1e-2;
const numEpochs = args.quick ? 2 : Number(args.epochs);

const dataTf = new Compose([new ToTensor(), new Normalize([0.5], [0.5])]);
// --quick draws its digits, which needs no files.
const open = (train: boolean) =>
  args.quick
    ? GeneratedDigits.open({ train, count: train ? 2000 : 500, transform: dataTf })
    : Mnist.open({ root: args.data, train, transform: dataTf, download: true });
const trainDataset = await open(true);
const testDataset = await open(false);
const trainLoader = new DataLoader(trainDataset, { batchSize, shuffle: true });
const testLoader = new DataLoader(testDataset, { batchSize, shuffle: false });

const Net = net[args.net as keyof typeof net];
const model = new Net(28 * 28, 300, 100, 10);
console.log(model);
const criterion = new nn.CrossEntropyLoss();
const optimizer = new optim.SGD(model.parameters(), { lr: learningRate });

for (let epoch = 0; epoch < numEpochs; epoch++) {
  model.train();
  let trainLoss = 0;
  let trainAcc = 0;
  for await (const { image, label } of trainLoader) {
    const img = image.view(image.size(0), -1);
    const out = model(img);
    const loss = criterion(out, label);
    trainLoss += loss.item() * label.size(0);
    const [, pred] = out.max(1);
    trainAcc += pred.eq(label).sum().item();

    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
  }
  console.log(
    `epoch: ${epoch + 1}, Loss: ${(trainLoss / trainDataset.length).toFixed(6)}, ` +
      `Acc: ${(trainAcc / trainDataset.length).toFixed(6)}`,
  );
}

model.eval();
let evalLoss = 0;
let evalAcc = 0;
{
  using _ = noGrad();
  for await (const { image, label } of testLoader) {
    const img = image.view(image.size(0), -1);
    const out = model(img);
    const loss = criterion(out, label);
    evalLoss += loss.item() * label.size(0);
    const [, pred] = out.max(1);
    evalAcc += pred.eq(label).sum().item();
  }
}
console.log(
  `Test Loss: ${(evalLoss / testDataset.length).toFixed(6)}, Acc: ${
    (evalAcc / testDataset.length).toFixed(6)
  }`,
);
