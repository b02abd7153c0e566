/**
 * MNIST from a folder of PNG files, `train/0/1.png` and so on: `ImageFolder`, transforms,
 * a loader, and a 784-256-10 network, with scores by class at the end: 97.5 % after three
 * passes over 60,000 files.
 *
 *     deno run -A examples/mnist_image_folder.ts --data mnist_png [--epochs 3] [--limit 60000]
 *
 * Without a folder it draws digits, writes them as PNG files and learns from those.
 */
import { parseArgs } from "@std/cli";
import {
  Adam,
  chooseDevice,
  Compose,
  CrossEntropyLoss,
  DataLoader,
  encodePng,
  evaluate,
  fit,
  formatConfusion,
  GeneratedDigits,
  ImageFolder,
  Linear,
  loadGrayImage,
  manualSeed,
  Module,
  Normalize,
  randomSplit,
  scoresByClass,
  type Tensor,
  ToTensor,
} from "@troodon/troodon";

const options = parseArgs(Deno.args, {
  string: ["data", "epochs", "limit"],
  default: { epochs: "3", limit: "60000" },
});
await chooseDevice();
manualSeed(0);

class Net extends Module {
  fc1 = new Linear(784, 256);
  fc2 = new Linear(256, 10);

  override forward(input: Tensor): Tensor {
    return this.fc2.forward(this.fc1.forward(input.flatten(1)).relu());
  }
}

/** Writes drawn digits as `root/train/3/17.png`. */
async function drawFolder(): Promise<string> {
  const root = await Deno.makeTempDir();
  for (const [part, count] of [["train", 2000], ["test", 500]] as const) {
    const digits = await GeneratedDigits.open({ train: part === "train", count });
    for (let i = 0; i < digits.length; i++) {
      const folder = `${root}/${part}/${digits.labels[i]}`;
      await Deno.mkdir(folder, { recursive: true });
      await Deno.writeFile(`${folder}/${i}.png`, encodePng(digits.imageAt(i)));
    }
  }
  return root;
}

const root = options.data ?? await drawFolder();
const transform = new Compose([new ToTensor(), new Normalize([0.1307], [0.3081])]);
const open = (part: string) => ImageFolder.open(`${root}/${part}`, { transform, loader: loadGrayImage });
const [all, test] = await Promise.all([open("train"), open("test")]);
const count = Math.min(Number(options.limit), all.length);
const [train] = randomSplit(all, [count, all.length - count]);
console.log(`${count} images to learn from, ${test.length} to test with, classes ${all.classes.join(" ")}`);

const net = new Net();
console.log(net);
await fit(net, new DataLoader(train!, { batchSize: 64, shuffle: true }), {
  optimizer: new Adam(net.parameters(), { lr: 1e-3 }),
  loss: new CrossEntropyLoss(),
  epochs: Number(options.epochs),
  observers: [{
    onEpoch: ({ epoch, loss, samples, seconds }) =>
      console.log(`epoch ${epoch}: loss ${loss.toFixed(4)}, ${Math.round(samples / seconds)} images/s`),
  }],
});

const { accuracy, confusion } = await evaluate(net, new DataLoader(test, { batchSize: 500 }));
console.log(formatConfusion(confusion, test.classes));
for (const [i, { precision, recall, f1 }] of scoresByClass(confusion).entries()) {
  const [p, r, f] = [precision, recall, f1].map((score) => score.toFixed(3));
  console.log(`${test.classes[i]}: precision ${p}, recall ${r}, F1 ${f}`);
}
console.log(`accuracy ${(100 * accuracy).toFixed(2)} %`);
if (options.data === undefined) await Deno.remove(root, { recursive: true });
