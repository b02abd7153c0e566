/**
 * Classifies images: `deno task predict --help`.
 *
 * @module
 */

import {
  chooseDevice,
  DEVICE_NAMES,
  fromTypedArray,
  loadImage,
  type Module,
  type NdArray,
  noGrad,
  tidy,
} from "@troodon/troodon";
import { WEIGHTS_FLAGS, weightsFile } from "../run/checkpoint.ts";
import { configFlag } from "../flags/config_file.ts";
import { groundOfRun, onGround } from "../images/ground.ts";
import { Fit } from "../images/image_shape.ts";
import { type Preparation, transformOf } from "../images/normalization.ts";
import { onOneLine } from "../flags/on_one_line.ts";
import { onOff, text, threeWay, UsageError, type Values } from "../flags/options.ts";
import { type Command, commandOf } from "../flags/run_program.ts";
import { loadSavedModel, readSavedConfig } from "../run/saved_run.ts";

const FLAGS = {
  device: text("NAME", `Where to compute: ${DEVICE_NAMES.join(", ")}`, "auto"),
  invert: threeWay(
    "Turn black and white over: auto, gray images whose ground is not that of the training; --no-invert none",
  ),
  ...WEIGHTS_FLAGS,
  config: configFlag(),
  json: onOff("Print one JSON array: file, prediction and probabilities of each image"),
};

async function probabilitiesOf(model: Module, input: NdArray<Float32Array>): Promise<number[]> {
  using probabilities = noGrad(() =>
    tidy(() => model.forward(fromTypedArray(input.data, [1, ...input.shape])).softmax(1))
  );
  return Array.from(await probabilities.dataAsync(), Number);
}

async function predict(run: string, files: readonly string[], options: Values<typeof FLAGS>): Promise<void> {
  const config = await readSavedConfig(run);
  const device = await chooseDevice(options.device);
  const model = await loadSavedModel(run, config, device, await weightsFile(run, options));
  // Fit images once, as inverting and the hint use the fitted image.
  const transform: Preparation = transformOf(config.normalization, { ...config.shape, augment: false });
  const ground = groundOfRun(config.ground, config.normalization);
  const results: { file: string; prediction: string; probabilities: Record<string, number> }[] = [];
  for (const file of files) {
    const fitted = new Fit(config.shape).apply(await loadImage(file));
    const { image, said } = onGround(fitted, ground, options.invert);
    const probabilities = await probabilitiesOf(model, transform.apply(image));
    const best = probabilities.indexOf(Math.max(...probabilities));
    if (best < 0) {
      throw new RangeError(
        `Cannot say what is on ${file} as probabilities must be numbers: they are ${probabilities}`,
      );
    }
    if (said !== null) console.error(`${file}: ${said}`);
    const named = config.classes.map((name, i) => [name, probabilities[i]!] as const);
    results.push({ file, prediction: config.classes[best]!, probabilities: Object.fromEntries(named) });
    if (options.json) continue;
    console.log(onOneLine(`${file}: ${config.classes[best]}`));
    const width = Math.max(...config.classes.map((name) => name.length));
    for (const [name, p] of named) {
      console.log(`  ${onOneLine(name).padEnd(width)}  ${(100 * p).toFixed(2).padStart(6)} %`);
    }
  }
  if (options.json) console.log(JSON.stringify(results));
}

/** The command `predict`. */
export const PREDICT: Command = commandOf({
  name: "predict",
  usage: "runs/NAME IMAGE.png ... [flags]",
  about:
    "Says what is on images: the probability of each class. Images are given the size and colors of the run's.",
  flags: FLAGS,
  async main({ values, rest: [run, ...files] }) {
    if (run === undefined) throw new UsageError("The folder of a run is missing");
    if (files.length === 0) throw new UsageError("Images are missing");
    await predict(run, files, values);
  },
});
