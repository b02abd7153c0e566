/**
 * The network of `4_mnist_by_hand` with `nn`, autograd and `optim`, from the same first weights.
 *
 *     deno run -A examples/tutorials/4_mnist_by_nn.ts --data data/mnist
 *         [--activation relu|sigmoid] [--epochs 10] [--quick]
 */
import { parseArgs } from "@std/cli";
import {
  chooseDevice,
  DataLoader,
  GeneratedDigits,
  manualSeed,
  Mnist,
  nn,
  noGrad,
  optim,
  ToTensor,
} from "@troodon/troodon";

const options = parseArgs(Deno.args, {
  string: ["data", "activation", "epochs"],
  boolean: ["quick"],
});
const epochs = Number(options.epochs ?? (options.quick ? 2 : 10));
await chooseDevice();

function makeNet(activation: string) {
  const Activation = activation === "relu" ? nn.ReLU : nn.Sigmoid;
  const net = new nn.Sequential(
    new nn.Conv2d(1, 16, 5),
    new nn.MaxPool2d(2),
    new Activation(),
    new nn.Conv2d(16, 32, 5),
    new nn.MaxPool2d(2),
    new Activation(),
    new nn.Flatten(),
    new nn.Linear(32 * 4 * 4, 128),
    new Activation(),
    new nn.Linear(128, 10),
  );
  manualSeed(0);
  for (const p of net.parameters()) {
    if (p.ndim > 1) nn.init.kaimingNormal_(p);
    else nn.init.zeros_(p);
  }
  return net;
}

const transform = new ToTensor();
const open = (train: boolean) =>
  options.data
    ? Mnist.open({ root: options.data, train, transform })
    : GeneratedDigits.open({ train, count: train ? 2000 : 500, transform });
const train = await open(true);
const test = await open(false);

async function learn(activation: string) {
  const net = makeNet(activation);
  const criterion = new nn.CrossEntropyLoss();
  const optimizer = new optim.Adam(net.parameters(), { lr: activation === "relu" ? 1e-3 : 3e-3 });
  const scheduler = new optim.StepLR(optimizer, { stepSize: 1, gamma: 0.7 });
  const trainLoader = new DataLoader(train, { batchSize: 64, shuffle: true });
  const testLoader = new DataLoader(test, { batchSize: 1000 });

  for (let epoch = 1; epoch <= epochs; epoch++) {
    const start = Date.now();
    let totalLoss = 0;
    for await (const { image, label } of trainLoader) {
      const output = net(image);
      const loss = criterion(output, label);
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
      totalLoss += loss.item();
    }
    scheduler.step();

    let correct = 0;
    for await (const { image, label } of testLoader) {
      using _ = noGrad();
      const prediction = net(image).argmax(1);
      correct += prediction.eq(label).sum().item();
    }

    const meanLoss = totalLoss / trainLoader.length;
    const accuracy = 100 * correct / test.length;
    const seconds = (Date.now() - start) / 1000;
    console.log(
      `${activation}, epoch ${epoch}: loss ${meanLoss.toFixed(4)}, accuracy ${accuracy.toFixed(2)} %, ` +
        `${seconds.toFixed(0)} s`,
    );
  }
}

for (const activation of options.activation ? [options.activation] : ["sigmoid", "relu"]) {
  await learn(activation);
}
