/**
 * Trains a small network on images: `deno task train --help`.
 *
 * @module
 */

import {
  chooseDevice,
  Compose,
  createModel,
  CrossEntropyLoss,
  DataLoader,
  DATASET_NAMES,
  DEVICE_NAMES,
  evaluate,
  fit,
  formatDeviceLoss,
  Generator,
  IMAGE_SIZE,
  LabelledImages,
  manualSeed,
  MODEL_NAMES,
  normalizationOf,
  ProgressLine,
  RandomCrop,
  RunFolder,
  Subset,
} from "@troodon/troodon";
import { findImages } from "./program/find_images.ts";
import {
  choice,
  count,
  number,
  onOff,
  optionalText,
  text,
  UsageError,
  type Values,
} from "./program/options.ts";
import { createRecipe, OPTIMIZER_NAMES, SCHEDULE_NAMES, WEIGHT_NAMES } from "./program/recipe.ts";
import { checkSameRun, findRun } from "./program/resume.ts";
import { runProgram } from "./program/run_program.ts";
import { transformOf } from "./program/saved_run.ts";

const FLAGS = {
  model: choice(MODEL_NAMES, "The network", "cnn-bn"),
  dataset: choice(DATASET_NAMES, "What to learn", undefined, "mnist; generated digits if it cannot be had"),
  data: text("DIR", "Its folder", undefined, "$TROODON_DATA/<dataset> or data/<dataset>"),
  offline: onOff("Download nothing"),
  limit: count("Learn from so many samples, drawn by the seed", undefined, { shown: "all" }),
  shift: count("Shift training images by up to so many pixels, at random", 1, { min: 0 }),
  epochs: count("Passes over the samples", 5),
  "batch-size": count("Samples of a step", 64),
  optimizer: choice(OPTIMIZER_NAMES, "What changes the weights", "adam"),
  lr: number("Learning rate; the highest one of one-cycle", undefined, {
    min: 0,
    shown: "adam 0.004, with step 0.001; rmsprop 0.001; sgd 0.05",
  }),
  momentum: number("Momentum of sgd and rmsprop", undefined, { min: 0, shown: "sgd 0.9, rmsprop 0" }),
  "weight-decay": number("Weight decay", undefined, { min: 0, shown: "0; adamw 0.01" }),
  schedule: choice(
    SCHEDULE_NAMES,
    "The learning rate goes up and then down to 0, or down in steps",
    undefined,
    "one-cycle; step with one of its flags",
  ),
  "lr-step": count("Epochs between steps of the learning rate", undefined, { shown: "1" }),
  "lr-gamma": number("What it is multiplied by then", undefined, { min: 0, shown: "0.7" }),
  weights: choice(WEIGHT_NAMES, "Test and save the mean of the weights of late, or the last ones", "mean"),
  device: text("NAME", `Where to compute: ${DEVICE_NAMES.join(", ")}`, "auto"),
  seed: count("Seed of weights, order and samples: the same again gives the same losses", 0, { min: 0 }),
  "log-every": count("Batches between losses", 100),
  out: text("DIR", "Where to write the run", undefined, "runs/<dataset>-<model>"),
  resume: optionalText(
    "FILE",
    "Go on with the run that was ended, with its flags and as many --epochs or more",
    "state.safetensors in --out; without one the run begins anew",
  ),
};

type Options = Values<typeof FLAGS>;

/** Batches of an evaluation need no gradients, and so may be larger. */
const TEST_BATCH = 128;

async function train(options: Options): Promise<void> {
  const { epochs, seed, limit, shift, "batch-size": batchSize, "log-every": logEvery } = options;
  const device = await chooseDevice(options.device);
  const { dataset, root, splits } = await findImages(options, ["train", "test"]);
  const { classes } = splits.train;
  const normalization = normalizationOf(splits.train.images);
  const transform = transformOf(normalization);
  const shifted = new Compose([new RandomCrop(IMAGE_SIZE, { padding: shift }), transform]);
  const all = new LabelledImages(splits.train.images, { transform: shift > 0 ? shifted : transform });
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
  const recipe = createRecipe(model, options, batches.length);

  const { path, resume } = await findRun(options, `runs/${dataset}-${options.model}`);
  const config = {
    model: options.model,
    dataset,
    data: root,
    classes,
    normalization,
    shift,
    ...recipe.config,
    seed,
    limit: limit ?? null,
    samples: chosen.length,
    logEvery,
    device: device.toString(),
  };
  if (resume) {
    const { file, state } = resume, { epoch, step } = state.position;
    checkSameRun(file, state, config);
    if (epoch > epochs) {
      console.log(`All ${epoch - 1} epochs of ${path} are done: more --epochs go on`);
      return;
    }
    console.log(`Going on from ${file} after step ${step}, in epoch ${epoch}`);
  }
  using run = await (resume ? RunFolder.resume(path, config, resume.state) : RunFolder.create(path, config));
  const size = [...model.parameters()].reduce((n, p) => n + p.numel, 0);
  console.log(`${options.model} with ${size} parameters`);
  console.log(
    `${dataset}: ${chosen.length} training images in ${batches.length} batches of ${batchSize}, ${testSet.length} test images`,
  );

  const line = new ProgressLine();
  let begin = performance.now(), done = 0, known: number | null = null;
  const rate = () => 1000 * done / (performance.now() - begin);
  await fit(model, batches, {
    ...recipe.parts,
    loss: new CrossEntropyLoss(),
    logEvery,
    ...(resume && { resume: resume.state }),
    onState: (state) => run.saveState(state),
    onDeviceLost(loss) {
      line.clear();
      console.error(formatDeviceLoss(loss));
      return chooseDevice("cpu");
    },
    onStep({ epoch, batch, samples }) {
      recipe.onStep();
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
      let accuracy: number;
      {
        using _ = recipe.applied();
        ({ accuracy } = await evaluate(model, testBatches));
        await run.saveModel(model, { epoch: String(epoch) });
      }
      run.log({ epoch, seconds, loss, accuracy });
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
