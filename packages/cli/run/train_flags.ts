/** The flags of `deno task train`. */
import { DEVICE_NAMES } from "@troodon/troodon";
import { type CheckpointFlags, FULL_DISK } from "./checkpoint.ts";
import { modelNames, SMALL_NAMES } from "../network/create_model.ts";
import { DATASET_NAMES } from "../images/image_data.ts";
import {
  choice,
  count,
  type Flag,
  nameAmong,
  number,
  numbers,
  onOff,
  optionalText,
  sizes,
  text,
  type ThreeWay,
  threeWay,
} from "../flags/options.ts";
import { INVERT_HELP } from "../images/ground.ts";
import { configFlag } from "../flags/config_file.ts";
import type { NetworkFlags } from "../network/network.ts";
import { OPTIMIZER_NAMES, type RecipeOptions, SCHEDULE_NAMES, WEIGHT_NAMES } from "../network/recipe.ts";
import type { PlaceOptions } from "./resume.ts";
import { CHANNELS, type TrainingDataOptions } from "../images/training_data.ts";

/** Command-line flags of a training run. */
export interface TrainOptions
  extends NetworkFlags, RecipeOptions, TrainingDataOptions, PlaceOptions, CheckpointFlags {
  readonly device: string;
  readonly "log-every": number;
  readonly tensorboard: string | undefined;
  readonly "save-every": number | undefined;
  readonly "early-stop": number | undefined;
  readonly overfit: number | undefined;
  readonly accumulate: number;
  readonly precision: typeof PRECISIONS[number];
  readonly compile: ThreeWay;
  readonly plots: boolean;
  readonly config: string | undefined;
  readonly "dry-run": boolean;
}

/** Names of precisions. */
export const PRECISIONS = ["float32", "float16"] as const;

/** A flag for each of the options. */
export const FLAGS: { readonly [K in keyof TrainOptions]: Flag<TrainOptions[K]> } = {
  model: nameAmong(
    modelNames(),
    `The network: ${SMALL_NAMES.join(", ")}, or a name of torchvision's, such as resnet18`,
    "cnn-bn",
  ),
  weights: text(
    "FILE",
    "Begin with the weights of a file, .pth or .safetensors, or of a URL; a head for other classes is replaced",
    undefined,
    "random",
  ),
  freeze: onOff("Train the head alone; weights and batch-norm statistics of the body stay: needs --weights"),
  size: sizes("Images that the network takes", "28; torchvision's networks 224 for an image folder"),
  channels: choice(CHANNELS, "Gray or colored images", undefined, "by the images; 3 with --weights"),
  mean: numbers(
    "Mean of the pixels, from 0 to 1, of all channels or each",
    () => true,
    "numbers, with commas between them",
    "of the training images; ImageNet's with --weights in colors",
  ),
  std: numbers(
    "Standard deviation of the pixels",
    (x) => x > 0,
    "numbers above 0, with commas between them",
    "as --mean",
  ),
  augment: onOff(
    "Learn from random parts of images, mirrored at random; test with the middle: for photographs",
  ),
  dataset: choice(DATASET_NAMES, "What to learn", undefined, "mnist; generated digits if it cannot be had"),
  data: text("DIR", "Its folder", undefined, "$TROODON_DATA/<dataset> or data/<dataset>"),
  offline: onOff("Download nothing"),
  invert: threeWay(INVERT_HELP),
  limit: count("Learn from so many samples, drawn by the seed", undefined, { shown: "all" }),
  shift: count("Shift training images by up to so many pixels, at random", undefined, {
    min: 0,
    shown: "1; 0 with --augment",
  }),
  epochs: count("Passes over the samples", 5),
  "batch-size": count("Samples of a step", 64),
  accumulate: count("Batches of a step, whose gradients are added: as with so many times the batch size", 1),
  precision: choice(
    PRECISIONS,
    "Call the network in float16, with the loss scaled; parameters stay float32",
    "float32",
  ),
  compile: threeWay(
    "Record the kernels of a step and replay them without its JavaScript: faster, with equal results; auto leaves out float16",
  ),
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
  average: choice(WEIGHT_NAMES, "Test and save the mean of the weights of late, or the last ones", "mean"),
  clip: number("Limit the norm of all gradients together", undefined, { min: 0, shown: "no limit" }),
  "early-stop": count("End after so many epochs in which --monitor has not improved", undefined, {
    shown: "all epochs",
  }),
  overfit: count(
    "Learn from the first so many batches alone, and test with them: is the network able to?",
    undefined,
    {
      shown: "all batches",
    },
  ),
  "dry-run": onOff("Train on one batch, test with one, and write nothing: is everything in place?"),
  device: text("NAME", `Where to compute: ${DEVICE_NAMES.join(", ")}`, "auto"),
  seed: count("Seed of weights, order and samples: the same again gives the same losses", 0, { min: 0 }),
  "log-every": count("Batches between losses", 100),
  out: text("DIR", "Where to write the run", undefined, "runs/<dataset>-<model>"),
  keep: count("Keep so many states, the last ones, to go on from", 1),
  monitor: choice(["accuracy", "loss"], "Keep the model best by this on the test images", "accuracy"),
  "save-every": count("Batches between saved states within an epoch", undefined, {
    shown: "by time: 5 seconds or more",
  }),
  "on-full-disk": choice(
    FULL_DISK,
    "End when the disk is full, or go on and save when there is room",
    "stop",
  ),
  resume: optionalText(
    "FILE",
    "Go on with the run that was ended, with its flags and as many --epochs or more; --lr may be another",
    "the last one in --out that is whole; without one the run begins anew",
  ),
  tensorboard: text(
    "DIR",
    "Write losses, scores and learning rates there, for TensorBoard",
    undefined,
    "nothing",
  ),
  plots: onOff("Draw the loss, the confusion matrix and misclassified images to the run, as SVG"),
  config: configFlag(),
  force: onOff("Replace the run in --out, whose files are lost: without it, or --resume, that is an error"),
};
