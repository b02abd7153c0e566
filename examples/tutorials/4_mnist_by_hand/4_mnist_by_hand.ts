/**
 * MNIST by hand: a convolutional network, its gradients and its optimizer written out on tensors, without
 * `nn` and without autograd. The gradients are checked by differences before the network learns.
 *
 *     deno run -A examples/tutorials/4_mnist_by_hand/4_mnist_by_hand.ts --data data/mnist
 *         [--activation relu|sigmoid] [--epochs 10] [--quick]
 *
 * `../4_mnist_by_nn.ts` is the same with `nn` and autograd.
 */
import { parseArgs } from "@std/cli";
import {
  chooseDevice,
  DataLoader,
  GeneratedDigits,
  manualSeed,
  Mnist,
  Scope,
  ToTensor,
} from "@troodon/troodon";
import { Adam } from "./adam.ts";
import { checkLayer, checkLoss } from "./check_gradients.ts";
import { Conv, CrossEntropyLoss, Flatten, Linear, MaxPool, ReLU, Sequential, Sigmoid } from "./layers.ts";

const options = parseArgs(Deno.args, {
  string: ["data", "activation", "epochs"],
  boolean: ["quick"],
});
const epochs = Number(options.epochs ?? (options.quick ? 2 : 10));
await chooseDevice("cpu"); // differences need float64, which a GPU has not
manualSeed(0);

function makeNet(activation: string) {
  const Activation = activation === "relu" ? ReLU : Sigmoid;
  return new Sequential(
    new Conv(1, 16, 5),
    new MaxPool(),
    new Activation(),
    new Conv(16, 32, 5),
    new MaxPool(),
    new Activation(),
    new Flatten(),
    new Linear(32 * 4 * 4, 128),
    new Activation(),
    new Linear(128, 10),
  );
}

// Chapter 1: are the gradients right?
checkLayer("Conv", new Conv(2, 3, 5), [2, 2, 8, 8]);
checkLayer("MaxPool", new MaxPool(), [2, 3, 6, 6]);
checkLayer("Sigmoid", new Sigmoid(), [4, 10]);
checkLayer("ReLU", new ReLU(), [4, 10]);
checkLayer("Flatten", new Flatten(), [2, 3, 4, 4]);
checkLayer("Linear", new Linear(20, 10), [4, 20]);
checkLoss("CrossEntropyLoss", new CrossEntropyLoss());
checkLayer("the network with sigmoid", makeNet("sigmoid"), [2, 1, 28, 28]);
checkLayer("the network with ReLU", makeNet("relu"), [2, 1, 28, 28]);

// Chapter 2: the digits.
const transform = new ToTensor();
const open = (train: boolean) =>
  options.data
    ? Mnist.open({ root: options.data, train, transform })
    : GeneratedDigits.open({ train, count: train ? 2000 : 500, transform });
const train = await open(true);
const test = await open(false);

// Chapter 3: learning.
async function learn(activation: string) {
  manualSeed(0);
  const net = makeNet(activation);
  const criterion = new CrossEntropyLoss();
  const optimizer = new Adam(net.parameters, activation === "relu" ? 1e-3 : 3e-3);
  const trainLoader = new DataLoader(train, { batchSize: 64, shuffle: true });
  const testLoader = new DataLoader(test, { batchSize: 1000 });

  for (let epoch = 1; epoch <= epochs; epoch++) {
    const start = Date.now();
    let totalLoss = 0;
    for await (const { image, label } of trainLoader) {
      // Frees at the end of the block what was made in it: Python counts references, JavaScript does not.
      using _ = new Scope();
      const output = net.forward(image);
      const loss = criterion.forward(output, label);
      net.backward(criterion.backward());
      optimizer.update(net.grads);
      totalLoss += loss.item();
    }
    optimizer.lr *= 0.7;

    let correct = 0;
    for await (const { image, label } of testLoader) {
      using _ = new Scope();
      const prediction = net.forward(image).argmax(1);
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
