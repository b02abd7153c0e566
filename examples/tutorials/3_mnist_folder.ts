/**
 * MNIST from folders of images: a network of two layers, trained in a loop written out, and saved as
 * `mnist.pth`. `3_mnist_evaluate.ts` loads and tests it.
 *
 *     deno run -A examples/tutorials/3_mnist_folder.ts --data data/mnist [--epochs 10] [--quick]
 *
 * Where the folders `train` and `test` are not in `data/mnist`, they are written from MNIST's files, which
 * are downloaded if they are not there; with `--quick`, in `data/mnist/quick`, from digits that are drawn.
 */
import { existsSync } from "node:fs";
import { parseArgs } from "@std/cli";
import {
  chooseDevice,
  Compose,
  DataLoader,
  encodePng,
  F,
  GeneratedDigits,
  Grayscale,
  ImageFolder,
  manualSeed,
  Mnist,
  nn,
  optim,
  save,
  type Tensor,
  ToTensor,
} from "@troodon/troodon";

const options = parseArgs(Deno.args, {
  string: ["data", "epochs"],
  boolean: ["quick"],
  default: { data: "data/mnist" },
});
const root = options.quick ? `${options.data}/quick` : options.data;
const epochs = Number(options.epochs ?? (options.quick ? 2 : 10));
await chooseDevice();
manualSeed(0);

// writes name/0/1.png and so on, unless they are there
async function writeFolder(name: string) {
  if (existsSync(`${root}/${name}`)) return;
  const train = name === "train";
  const digits = options.quick
    ? await GeneratedDigits.open({ train, count: train ? 600 : 200 })
    : await Mnist.open({ root, train, download: true });
  for (let i = 0; i < digits.length; i++) {
    const { image, label } = digits.get(i);
    const folder = `${root}/${name}.part/${label}`;
    Deno.mkdirSync(folder, { recursive: true });
    Deno.writeFileSync(`${folder}/${i}.png`, encodePng(image));
    if ((i + 1) % 10000 === 0) {
      console.log(`${name}: ${i + 1} of ${digits.length} images written`);
    }
  }
  Deno.renameSync(`${root}/${name}.part`, `${root}/${name}`);
}

await writeFolder("train");
await writeFolder("test");

const transform = new Compose([new Grayscale(), new ToTensor()]);
const trainDataset = await ImageFolder.open(`${root}/train`, { transform });
const testDataset = await ImageFolder.open(`${root}/test`, { transform });
const trainLoader = new DataLoader(trainDataset, { batchSize: 64, shuffle: true });

console.log(trainDataset.length);
console.log(testDataset.length);
console.log(trainLoader.length);

for await (const [i, { image, label }] of trainLoader.entries()) {
  if (i === 3) break;
  console.log(i, image.shape, label.shape);
}

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
const criterion = new nn.CrossEntropyLoss();
const optimizer = new optim.Adam(net.parameters(), { lr: 1e-3 });

for (let epoch = 0; epoch < epochs; epoch++) {
  for await (const [batch, { image, label }] of trainLoader.entries()) {
    const output = net(image);
    const loss = criterion(output, label);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    if (batch % 100 === 0) {
      console.log(
        `epoch ${epoch + 1}, batch ${batch} of ${trainLoader.length}, loss ${loss.item().toFixed(4)}`,
      );
    }
  }
}

await save(net.stateDict(), `${root}/mnist.pth`);
