/**
 * A convolutional network with batch-norm on CIFAR-10: images that are cropped and mirrored at random anew in each
 * pass, and SGD whose learning rate and momentum go through one cycle, batch by batch.
 *
 *     deno run -A examples/cifar10.ts --data data/cifar10 [--epochs 20] [--limit 50000]
 *
 * The folder holds the `.bin` files of the binary version, unpacked; if it does not, the archive (about 170 MB) is
 * downloaded to it. The test of this example runs it on files in that form that the test draws, a color per class:
 * no accuracy on the photographs themselves has been measured.
 */
import { parseArgs } from "@std/cli";
import {
  Accuracy,
  AdaptiveAvgPool2d,
  BatchNorm2d,
  chooseDevice,
  Cifar10,
  Compose,
  Conv2d,
  CrossEntropyLoss,
  DataLoader,
  evaluate,
  fit,
  Flatten,
  Linear,
  manualSeed,
  MaxPool2d,
  Normalize,
  OneCycleLR,
  RandomCrop,
  RandomHorizontalFlip,
  randomSplit,
  ReLU,
  Sequential,
  SGD,
  stepEachBatch,
  ToTensor,
} from "@troodon/troodon";

const options = parseArgs(Deno.args, {
  string: ["data", "epochs", "limit"],
  default: { data: "data/cifar10", epochs: "20", limit: "50000" },
});
await chooseDevice();
manualSeed(0);

// Mean and deviation of red, green and blue that are in common use for these images.
const toInput = new Compose([
  new ToTensor(),
  new Normalize([0.4914, 0.4822, 0.4465], [0.247, 0.2435, 0.2616]),
]);
const augment = new Compose([new RandomCrop(32, { padding: 4 }), new RandomHorizontalFlip(), toInput]);
const all = await Cifar10.open({ root: options.data, transform: augment, download: true });
const test = await Cifar10.open({ root: options.data, train: false, transform: toInput, download: true });
const count = Math.min(Number(options.limit), all.length);
const [train] = randomSplit(all, [count, all.length - count]);
console.log(`${count} images to learn from, ${test.length} to test with`);

// Batch-norm has a shift of its own, so the convolutions need no bias.
const block = (from: number, to: number) =>
  new Sequential(new Conv2d(from, to, 3, { padding: 1, bias: false }), new BatchNorm2d(to), new ReLU());
const net = new Sequential(
  block(3, 32),
  new MaxPool2d(2),
  block(32, 64),
  new MaxPool2d(2),
  block(64, 128),
  new AdaptiveAvgPool2d(1),
  new Flatten(),
  new Linear(128, 10),
);
console.log(net);

const epochs = Number(options.epochs);
const batchSize = Math.min(128, count);
// A last batch that is nearly empty would give batch-norm poor statistics.
const loader = new DataLoader(train!, { batchSize, shuffle: true, dropLast: true });
const testLoader = new DataLoader(test, { batchSize: 500 });
const optimizer = new SGD(net.parameters(), { lr: 0.01, momentum: 0.9, nesterov: true, weightDecay: 5e-4 });
const scheduler = new OneCycleLR(optimizer, { maxLr: 0.1, epochs, stepsPerEpoch: loader.length });
using accuracy = new Accuracy();

await fit(net, loader, {
  optimizer,
  loss: new CrossEntropyLoss(),
  epochs,
  validate: () => evaluate(net, testLoader, { metrics: { accuracy } }),
  observers: [
    // The cycle goes on with each batch, not with each epoch.
    stepEachBatch(scheduler),
    {
      onEpoch({ epoch, loss, seconds, scores: { accuracy = NaN } }) {
        const percent = (100 * accuracy).toFixed(2);
        console.log(
          `epoch ${epoch}: loss ${loss.toFixed(4)}, ${seconds.toFixed(1)} s, accuracy ${percent} %`,
        );
      },
    },
  ],
});
