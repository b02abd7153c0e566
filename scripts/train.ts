/**
 * Trains a small network on images: `deno task train --help`.
 *
 * @module
 */

import {
  Adam,
  AdamW,
  chooseDevice,
  createModel,
  CrossEntropyLoss,
  DataLoader,
  DATASET_NAMES,
  DEVICE_NAMES,
  evaluate,
  fit,
  formatDeviceLoss,
  Generator,
  type GroupOptions,
  LabelledImages,
  manualSeed,
  MODEL_NAMES,
  type Module,
  normalizationOf,
  type Optimizer,
  ProgressLine,
  RMSprop,
  RunFolder,
  SGD,
  StepLR,
  Subset,
} from "@troodon/troodon";
import { findImages } from "./program/find_images.ts";
import { choice, count, number, onOff, text, UsageError, type Values } from "./program/options.ts";
import { runProgram } from "./program/run_program.ts";
import { transformOf } from "./program/saved_run.ts";

const OPTIMIZERS = ["adam", "adamw", "rmsprop", "sgd"] as const;

const FLAGS = {
  model: choice(MODEL_NAMES, "The network", "cnn"),
  dataset: choice(DATASET_NAMES, "What to learn", undefined, "mnist; generated digits if it cannot be had"),
  data: text("DIR", "Its folder", undefined, "$TROODON_DATA/<dataset> or data/<dataset>"),
  offline: onOff("Download nothing"),
  limit: count("Learn from so many samples, drawn by the seed", undefined, { shown: "all" }),
  epochs: count("Passes over the samples", 5),
  "batch-size": count("Samples of a step", 64),
  optimizer: choice(OPTIMIZERS, "What changes the weights", "adam"),
  lr: number("Learning rate", undefined, { min: 0, shown: "0.001; sgd 0.05" }),
  momentum: number("Momentum of sgd and rmsprop", undefined, { min: 0, shown: "sgd 0.9, rmsprop 0" }),
  "weight-decay": number("Weight decay", undefined, { min: 0, shown: "0; adamw 0.01" }),
  "lr-step": count("Epochs between changes of the learning rate", 1),
  "lr-gamma": number("What it is multiplied by then", 0.7, { min: 0 }),
  device: text("NAME", `Where to compute: ${DEVICE_NAMES.join(", ")}`, "auto"),
  seed: count("Seed of weights, order and samples: the same again gives the same losses", 0, { min: 0 }),
  "log-every": count("Batches between losses", 100),
  out: text("DIR", "Where to write the run", undefined, "runs/<dataset>-<model>"),
};

type Options = Values<typeof FLAGS>;

/** Batches of an evaluation need no gradients, and so may be larger. */
const TEST_BATCH = 128;

function createOptimizer(model: Module, options: Options): Optimizer<GroupOptions> {
  const { lr, momentum, "weight-decay": weightDecay } = options;
  if (momentum !== undefined && options.optimizer.startsWith("adam")) {
    throw new UsageError(`--momentum does not go with --optimizer ${options.optimizer}`);
  }
  const shared = { ...(lr !== undefined && { lr }), ...(weightDecay !== undefined && { weightDecay }) };
  switch (options.optimizer) {
    case "adam":
      return new Adam(model.parameters(), shared);
    case "adamw":
      return new AdamW(model.parameters(), shared);
    case "rmsprop":
      return new RMSprop(model.parameters(), { lr: 0.001, ...shared, momentum: momentum ?? 0 });
    case "sgd":
      return new SGD(model.parameters(), { lr: 0.05, ...shared, momentum: momentum ?? 0.9 });
  }
}

async function train(options: Options): Promise<void> {
  const { epochs, seed, limit, "batch-size": batchSize, "log-every": logEvery } = options;
  const device = await chooseDevice(options.device);
  const { dataset, root, splits } = await findImages(options, ["train", "test"]);
  const { classes } = splits.train;
  const normalization = normalizationOf(splits.train.images);
  const transform = transformOf(normalization);
  const all = new LabelledImages(splits.train.images, { transform });
  const testSet = new LabelledImages(splits.test.images, { transform });

  // Each use of chance has a stream of its own: another model sees the same order.
  manualSeed(seed);
  const streams = new Generator(seed);
  const chosen = limit === undefined || limit >= all.length
    ? all
    : new Subset(all, streams.fork(2).permutation(all.length).subarray(0, limit));
  const batches = new DataLoader(chosen, { batchSize, shuffle: true, generator: streams.fork(1) });
  const testBatches = new DataLoader(testSet, { batchSize: TEST_BATCH });
  const model = createModel(options.model, { classes: classes.length });
  const optimizer = createOptimizer(model, options);
  const scheduler = new StepLR(optimizer, { stepSize: options["lr-step"], gamma: options["lr-gamma"] });

  const path = options.out ?? `runs/${dataset}-${options.model}`;
  const { params: _, ...recipe } = optimizer.paramGroups[0]!;
  using run = await RunFolder.create(path, {
    model: options.model,
    dataset,
    data: root,
    classes,
    normalization,
    epochs,
    batchSize,
    optimizer: { name: options.optimizer, ...recipe },
    scheduler: { name: "StepLR", stepSize: scheduler.stepSize, gamma: scheduler.gamma },
    seed,
    limit: limit ?? null,
    logEvery,
    device: device.toString(),
  });
  const size = [...model.parameters()].reduce((n, p) => n + p.numel, 0);
  console.log(`${options.model} with ${size} parameters`);
  console.log(
    `${dataset}: ${chosen.length} training images in ${batches.length} batches of ${batchSize}, ${testSet.length} test images`,
  );

  const line = new ProgressLine();
  let begin = performance.now(), done = 0, known: number | null = null;
  const rate = () => 1000 * done / (performance.now() - begin);
  await fit(model, batches, {
    optimizer,
    scheduler,
    loss: new CrossEntropyLoss(),
    epochs,
    logEvery,
    onDeviceLost(loss) {
      line.clear();
      console.error(formatDeviceLoss(loss));
      return chooseDevice("cpu");
    },
    onStep({ epoch, batch, samples }) {
      done += samples;
      const total = chosen.length;
      line.update(() => ({
        epoch,
        epochs,
        done: Math.min(batch * batchSize, total),
        total,
        loss: known,
        rate: rate(),
      }));
    },
    onLog({ step, epoch, loss }) {
      checkLoss(loss, step);
      known = loss;
      run.log({ step, epoch, loss });
      line.clear();
      console.log(`epoch ${epoch}  step ${step}  loss ${loss.toFixed(4)}  ${Math.round(rate())} images/s`);
    },
    async onEpoch({ epoch, seconds, loss }) {
      line.clear();
      checkLoss(loss, epoch * batches.length);
      const { accuracy } = await evaluate(model, testBatches);
      run.log({ epoch, seconds, loss, accuracy });
      await run.saveModel(model, { epoch: String(epoch) });
      const percent = (100 * accuracy).toFixed(2);
      console.log(
        `epoch ${epoch}/${epochs}  ${seconds.toFixed(1)} s  loss ${
          loss.toFixed(4)
        }  test accuracy ${percent} %`,
      );
      begin = performance.now();
      done = 0;
    },
  });
  console.log(`Saved ${path}: deno task evaluate ${path}`);
}

function checkLoss(loss: number, step: number): void {
  if (Number.isFinite(loss)) return;
  throw new RangeError(`Cannot go on after step ${step} as the loss is ${loss}: a smaller --lr may help`);
}

await runProgram({
  usage: "deno task train [flags]",
  about: "Trains a small network on images, and writes model.safetensors, config.json and metrics.jsonl.",
  flags: FLAGS,
  async main({ values, rest }) {
    if (rest.length > 0) throw new UsageError(`Unexpected argument: ${rest[0]}`);
    if (values.dataset === "image-folder" && values.data === undefined) {
      throw new UsageError("--dataset image-folder needs --data DIR, with the folders train and test in it");
    }
    await train(values);
  },
}, Deno.args);
