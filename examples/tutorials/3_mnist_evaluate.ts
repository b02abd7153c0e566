/**
 * Loads the network that `3_mnist_folder.ts` saved, tests it sample by sample, and prints each wrong case.
 *
 *     deno run -A examples/tutorials/3_mnist_evaluate.ts --data data/mnist [--quick]
 */
import { parseArgs } from "@std/cli";
import {
  chooseDevice,
  Compose,
  DataLoader,
  F,
  Grayscale,
  ImageFolder,
  load,
  nn,
  type Tensor,
  ToTensor,
} from "@troodon/troodon";

const options = parseArgs(Deno.args, {
  string: ["data"],
  boolean: ["quick"],
  default: { data: "data/mnist" },
});
const root = options.quick ? `${options.data}/quick` : options.data;
await chooseDevice();

const transform = new Compose([new Grayscale(), new ToTensor()]);
const testDataset = await ImageFolder.open(`${root}/test`, { transform });
const testLoader = new DataLoader(testDataset);

class Net extends nn.Module {
  fc1 = new nn.Linear(784, 256);
  fc2 = new nn.Linear(256, 10);

  forward(x: Tensor) {
    x = x.view(-1, 784);
    x = F.relu(this.fc1(x));
    return this.fc2(x);
  }
}

const net = new Net();
net.loadStateDict(await load(`${root}/mnist.pth`));

let right = 0;
for await (const [i, { image, label }] of testLoader.entries()) {
  const output = net(image);
  const predict = output.argmax(1).item();
  const truth = label.item();
  if (predict === truth) {
    right++;
  } else {
    const [path] = testDataset.samples[i];
    console.log(`wrong case: predict = ${predict}, truth = ${truth}, path = ${path}`);
  }
}

const length = testDataset.length;
console.log(`test accuracy = ${right} / ${length} = ${(100 * right / length).toFixed(2)} %`);
