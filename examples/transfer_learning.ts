/**
 * Transfer learning, as PyTorch's tutorial has it: a network that was trained on other classes gets a new head, and is
 * trained on as a whole (finetuning), or its head alone (a fixed feature extractor).
 *
 *     deno run -A examples/transfer_learning.ts --data FOLDER --model resnet18 --weights resnet18.pth --size 224
 *
 * The folder has `train/CLASS/*.jpg` and `test/CLASS/*.jpg`. Without one, a small network is first trained on drawn digits
 * 0 to 3 (`--drawn 400` of each), and then on 20 images each of 4 to 9.
 */
import { parseArgs } from "@std/cli";
import {
  Adam,
  BatchNorm,
  CenterCrop,
  chooseDevice,
  Compose,
  CrossEntropyLoss,
  DataLoader,
  encodePng,
  evaluate,
  fit,
  GeneratedDigits,
  ImageFolder,
  manualSeed,
  models,
  type nn,
  Normalize,
  RandomHorizontalFlip,
  RandomResizedCrop,
  Resize,
  save,
  SGD,
  StepLR,
  ToTensor,
} from "@troodon/troodon";

const options = parseArgs(Deno.args, {
  string: ["data", "model", "weights", "size", "epochs", "drawn"],
  default: { model: "shufflenet_v2_x0_5", size: "32", epochs: "10", drawn: "400" },
});
const size = Number(options.size), epochs = Number(options.epochs), isDrawn = options.data === undefined;
await chooseDevice();
manualSeed(0);

/** Writes drawn digits as `root/pretrain/0/17.png`, `root/train/4/4.png` and `root/test/4/99.png`. */
async function drawFolder(): Promise<string> {
  const root = await Deno.makeTempDir(), counts = new Map<string, number>();
  const write = async (part: string, label: number, png: Uint8Array, most: number): Promise<void> => {
    const folder = `${root}/${part}/${label}`, count = counts.get(folder) ?? 0;
    if (count === most) return;
    counts.set(folder, count + 1);
    await Deno.mkdir(folder, { recursive: true });
    await Deno.writeFile(`${folder}/${count}.png`, png);
  };
  for (const train of [true, false]) {
    const digits = await GeneratedDigits.open({ train, count: train ? 11 * Number(options.drawn) : 1000 });
    for (let i = 0; i < digits.length; i++) {
      const label = digits.labels[i]!, png = encodePng(digits.imageAt(i));
      if (label > 3) await write(train ? "train" : "test", label, png, train ? 20 : 100);
      else if (train) await write("pretrain", label, png, Number(options.drawn));
    }
  }
  return root;
}

// The mean and the deviation of ImageNet, for which torchvision's weights were trained.
const normalize = new Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);
const middle = [
  new Resize(Math.round(size * 256 / 224)),
  new CenterCrop(size),
  new ToTensor(),
  normalize,
] as const;
const plain = new Compose([...middle]);
// Digits are not mirrored, photographs are.
const random = isDrawn
  ? plain
  : new Compose([new RandomResizedCrop(size), new RandomHorizontalFlip(), new ToTensor(), normalize]);

const root = options.data ?? await drawFolder();
const train = await ImageFolder.open(`${root}/train`, { transform: random });
const test = await ImageFolder.open(`${root}/test`, { transform: plain });
const loader = new DataLoader(train, { batchSize: 10, shuffle: true });
const testLoader = new DataLoader(test, { batchSize: 100 });
console.log(
  `${train.length} images to learn from, ${test.length} to test with, classes ${train.classes.join(" ")}`,
);

/** Trains a network on the drawn digits 0 to 3, and returns the file of its weights. */
async function pretrain(): Promise<string> {
  const digits = await ImageFolder.open(`${root}/pretrain`, { transform: plain }),
    file = `${root}/pretrained.pth`;
  const net = models.getModel(options.model, { numClasses: 4 });
  await fit(net, new DataLoader(digits, { batchSize: 50, shuffle: true }), {
    optimizer: new Adam(net.parameters(), { lr: 0.003 }),
    loss: new CrossEntropyLoss(),
    epochs: 3,
    observers: [{
      onEpoch: ({ epoch, loss }) => console.log(`digits 0 to 3: epoch ${epoch}, loss ${loss.toFixed(4)}`),
    }],
  });
  await save(net.stateDict(), file);
  return file;
}

const weights = options.weights ?? await pretrain();

/** Returns the network with the weights of the file, and with a new head for the classes of the folder. */
const pretrained = (): Promise<nn.Module> =>
  models.getModel(options.model, {
    numClasses: train.classes.length,
    weights,
    onOtherHead: ({ name, found }) => console.log(`${name} was for ${found} classes: it begins anew`),
  });

/** Trains what is not frozen, and returns the accuracy on the images to test with. */
async function learn(net: nn.Module, name: string, frozen: readonly nn.Module[] = []): Promise<void> {
  const parameters = [...net.parameters()].filter(({ requiresGrad }) => requiresGrad);
  const optimizer = new SGD(parameters, { lr: 0.003, momentum: 0.9 });
  await fit(net, loader, {
    optimizer,
    scheduler: new StepLR(optimizer, { stepSize: Math.ceil(0.7 * epochs), gamma: 0.1 }),
    loss: new CrossEntropyLoss(),
    epochs,
    observers: [{
      // fit() sets the training mode before each pass.
      onBatch: () => frozen.forEach((module) => void (module.training = false)),
      onEpoch: ({ epoch, loss }) => console.log(`${name}: epoch ${epoch}, loss ${loss.toFixed(4)}`),
    }],
  });
  const { accuracy } = await evaluate(net, testLoader);
  console.log(
    `${name}: ${parameters.reduce((n, p) => n + p.numel(), 0)} parameters trained, accuracy ${
      (100 * accuracy).toFixed(2)
    } %`,
  );
}

await learn(await pretrained(), "finetuning");

const net = await pretrained();
net.requiresGrad_(false);
models.headOf(net).layer.requiresGrad_(true);
// The statistics of batch norms are part of the features: they stay too.
await learn(net, "fixed features", [...net.modules()].filter((module) => module instanceof BatchNorm));
if (isDrawn) await Deno.remove(root, { recursive: true });
