/**
 * Trains ResNet-18 on the digits 0 to 4 of a folder of PNG files, at 32 x 32, and then a new head on 50 images each of the
 * digits 5 to 9, with the body frozen. Writes the body (`body.pth`) and all that the head learns from (`head.pth`: images,
 * order, first weights), with which `transfer.py` trains the same head in PyTorch:
 *
 *     deno run -A scripts/torch/transfer.ts mnist_png FOLDER && python scripts/torch/transfer.py FOLDER
 *
 * @module
 */
import { join } from "@std/path";
import { parseArgs } from "@std/cli";
import {
  Adam,
  chooseDevice,
  crossEntropy,
  CrossEntropyLoss,
  DataLoader,
  evaluate,
  fit,
  Generator,
  ImageFolder,
  loadGrayImage,
  manualSeed,
  models,
  nn,
  Pad,
  ProgressReport,
  save,
  Scope,
  SGD,
  StepLR,
  type Tensor,
  tensor,
  TensorDataset,
} from "@troodon/troodon";

/** Seed of all that is drawn; mean and standard deviation of MNIST. */
const SEED = 1, MEAN = 0.1307, STD = 0.3081;
/** Images of each digit that the head learns from, passes over them, and images of a batch. */
const EACH = 50, EPOCHS = 25, BATCH = 4;

/** Images of five digits, and their classes from 0 on. */
interface Digits {
  /** Bytes [n, 1, 32, 32]. */
  readonly images: Tensor;
  readonly labels: Tensor;
}

/** Reads images of the digits from `first` on, at most `each` of each, with a border of two pixels. */
async function read(root: string, first: number, each = Infinity): Promise<Digits> {
  const { samples } = await ImageFolder.open(root, { loader: loadGrayImage });
  const pad = new Pad(2), generator = new Generator(SEED).fork(first);
  const chosen: (readonly [path: string, label: number])[] = [];
  for (let digit = first; digit < first + 5; digit++) {
    const all = samples.filter(([, label]) => label === digit);
    const order = generator.permutation(all.length).subarray(0, Math.min(each, all.length));
    chosen.push(...Array.from(order, (i) => all[i]!));
  }
  const bytes = new Uint8Array(chosen.length * 1024);
  for (const [i, [path]] of chosen.entries()) {
    bytes.set(pad.apply(await loadGrayImage(path)).data, 1024 * i);
  }
  return {
    images: tensor(bytes, { dtype: "uint8" }).view(chosen.length, 1, 32, 32),
    labels: tensor(chosen.map(([, label]) => label - first), { dtype: "int32" }),
  };
}

/** Returns what the network takes for bytes: [n, 3, 32, 32], normalized. */
const normalized = (images: Tensor): Tensor =>
  images.to("float32").div(255).sub(MEAN).div(STD).expand(-1, 3, -1, -1).contiguous();

/** Returns the share of images whose class the network finds, in percent. */
async function accuracyOf(model: nn.Module, { images, labels }: Digits): Promise<number> {
  using x = normalized(images);
  const { accuracy } = await evaluate(
    model,
    new DataLoader(new TensorDataset(x, labels), { batchSize: 250 }),
  );
  return 100 * accuracy;
}

async function trainBody(root: string, each: number): Promise<models.ResNet> {
  const digits = await read(join(root, "train"), 0, each), model = models.resnet18({ numClasses: 5 });
  const optimizer = new Adam(model.parameters(), { lr: 1e-3 });
  const loader = new DataLoader(new TensorDataset(normalized(digits.images), digits.labels), {
    batchSize: 64,
    shuffle: true,
    generator: new Generator(SEED),
  });
  await fit(model, loader, {
    optimizer,
    loss: new CrossEntropyLoss(),
    epochs: 2,
    observers: [new ProgressReport({ unit: "images" })],
  });
  const test = await read(join(root, "test"), 0);
  console.log(`body: ${5 * each} images, ${(await accuracyOf(model, test)).toFixed(2)} % of digits 0 to 4`);
  return model;
}

/** Trains the head as PyTorch's tutorial does, in the order of `order` [epochs, images]. */
function trainHead(
  model: models.ResNet,
  { images, labels }: Digits,
  order: readonly (readonly number[])[],
): void {
  model.requiresGrad_(false);
  model.fc.requiresGrad_(true);
  // The statistics of the body's batch norms are part of what is frozen.
  model.eval();
  const optimizer = new SGD(model.fc.parameters(), { lr: 0.001, momentum: 0.9 });
  const scheduler = new StepLR(optimizer, { stepSize: 7, gamma: 0.1 });
  const x = normalized(images);
  for (const places of order) {
    for (let at = 0; at < places.length; at += BATCH) {
      using _ = new Scope();
      const chosen = tensor(places.slice(at, at + BATCH), { dtype: "int32" });
      optimizer.zeroGrad();
      crossEntropy(model(x.indexSelect(0, chosen)), labels.indexSelect(0, chosen)).backward();
      optimizer.step();
    }
    scheduler.step();
  }
}

const { _: [root, folder], each = "1600" } = parseArgs(Deno.args, { string: ["each"] });
if (root === undefined || folder === undefined) {
  console.error("Usage: deno run -A scripts/torch/transfer.ts mnist_png FOLDER [--each 1600]");
  Deno.exit(2);
}
await chooseDevice("cpu");
manualSeed(SEED);
await Deno.mkdir(String(folder), { recursive: true });
const model = await trainBody(String(root), Number(each));
await save(model.stateDict(), join(String(folder), "body.pth"));
model.fc.dispose();
model.fc = new nn.Linear(model.fc.inFeatures, 5);
const few = await read(join(String(root), "train"), 5, EACH),
  test = await read(join(String(root), "test"), 5);
const generator = new Generator(SEED).fork(9);
const order = Array.from({ length: EPOCHS }, () => Array.from(generator.permutation(5 * EACH)));
await save({
  weight: model.fc.weight,
  bias: model.fc.bias,
  order: tensor(order, { dtype: "int32" }),
  ...few,
  testImages: test.images,
  testLabels: test.labels,
}, join(String(folder), "head.pth"));
trainHead(model, few, order);
console.log(`head: ${(await accuracyOf(model, test)).toFixed(2)} % of ${test.labels.shape[0]} digits 5 to 9`);
