/**
 * Trains a small network on images: `deno task train --help`.
 *
 * @module
 */

import {
  chooseDevice,
  continueOn,
  CrossEntropyLoss,
  DEVICE_NAMES,
  evaluate,
  fit,
  manualSeed,
  ProgressReport,
  requireFiniteLoss,
} from "@troodon/troodon";
import { createModel, MODEL_NAMES } from "./program/create_model.ts";
import { DATASET_NAMES } from "./program/image_data.ts";
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
import { findRun, openRun } from "./program/resume.ts";
import { runProgram } from "./program/run_program.ts";
import { openTrainingData } from "./program/training_data.ts";

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

async function train(options: Values<typeof FLAGS>): Promise<void> {
  const { epochs, seed, shift, limit = null, "batch-size": batchSize, "log-every": logEvery } = options;
  const device = await chooseDevice(options.device);
  const { dataset, root, classes, normalization, samples, batches, testSamples, testBatches } =
    await openTrainingData(options);
  manualSeed(seed);
  const model = createModel(options.model, { classes: classes.length });
  const recipe = createRecipe(model, options, batches.length);

  const place = await findRun(options, `runs/${dataset}-${options.model}`), { path, resume } = place;
  const config = {
    model: options.model,
    dataset,
    data: root,
    classes,
    normalization,
    shift,
    ...recipe.config,
    seed,
    limit,
    samples,
    logEvery,
    device: device.toString(),
  };
  using run = await openRun(place, config, epochs);
  if (run === null) return;
  const size = [...model.parameters()].reduce((n, p) => n + p.numel, 0);
  console.log(`${options.model} with ${size} parameters`);
  console.log(
    `${dataset}: ${samples} training images in ${batches.length} batches of ${batchSize}, ${testSamples} test images`,
  );

  const progress = new ProgressReport({
    unit: "images",
    describe: ({ accuracy = NaN }) => `test accuracy ${(100 * accuracy).toFixed(2)} %`,
  });
  const log = (line: string): void => {
    progress.clear();
    console.error(line);
  };
  await fit(model, batches, {
    ...recipe.parts,
    loss: new CrossEntropyLoss(),
    logEvery,
    ...(resume && { resume: resume.state }),
    async validate() {
      const { accuracy } = await evaluate(model, testBatches);
      return { accuracy };
    },
    observers: [
      requireFiniteLoss(),
      ...recipe.parts.observers,
      run,
      progress,
      continueOn(() => chooseDevice("cpu"), { log }),
    ],
  });
  console.log(`Saved ${path}: deno task evaluate ${path}`);
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
