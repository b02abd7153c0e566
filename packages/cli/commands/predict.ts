/**
 * Says what is on images: `deno task predict --help`.
 *
 * @module
 */

import {
  chooseDevice,
  DEVICE_NAMES,
  fromTypedArray,
  Image,
  loadImage,
  type Module,
  type NdArray,
  noGrad,
  tidy,
} from "@troodon/troodon";
import { WEIGHTS_FLAGS, weightsFile } from "../run/checkpoint.ts";
import { hintOf } from "../images/ground_hint.ts";
import { Fit, type ImageShape } from "../images/image_shape.ts";
import { type Preparation, transformOf } from "../images/normalization.ts";
import { onOneLine } from "../flags/on_one_line.ts";
import { onOff, text, UsageError, type Values } from "../flags/options.ts";
import { type Command, commandOf } from "../flags/run_program.ts";
import { loadSavedModel, readSavedConfig } from "../run/saved_run.ts";

const FLAGS = {
  device: text("NAME", `Where to compute: ${DEVICE_NAMES.join(", ")}`, "auto"),
  invert: onOff("Turn black and white over: for dark digits on light paper, as MNIST's are light on dark"),
  ...WEIGHTS_FLAGS,
  json: onOff("Print one JSON array: file, prediction and probabilities of each image"),
};

async function read(path: string, shape: ImageShape, invert: boolean): Promise<Image> {
  const image = new Fit(shape).apply(await loadImage(path)), { width, height, channels, data } = image;
  return invert ? new Image(width, height, channels, data.map((byte) => 255 - byte)) : image;
}

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
  // Images are fitted once: inverting and the hint need them so.
  const transform: Preparation = transformOf(config.normalization, { ...config.shape, augment: false });
  const results: { file: string; prediction: string; probabilities: Record<string, number> }[] = [];
  for (const file of files) {
    const image = await read(file, config.shape, options.invert);
    const probabilities = await probabilitiesOf(model, transform.apply(image));
    const best = probabilities.indexOf(Math.max(...probabilities));
    if (best < 0) {
      throw new RangeError(
        `Cannot say what is on ${file} as probabilities must be numbers: they are ${probabilities}`,
      );
    }
    const hint = hintOf(image, config.normalization, options.invert);
    if (hint !== null) console.error(`${file}: ${hint}`);
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
