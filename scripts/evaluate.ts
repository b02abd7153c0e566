/**
 * Scores a trained model on the test images: `deno task evaluate --help`.
 *
 * @module
 */

import {
  chooseDevice,
  DataLoader,
  DEVICE_NAMES,
  evaluate,
  formatConfusion,
  LabelledImages,
} from "@troodon/troodon";
import { findImages } from "./program/find_images.ts";
import { DATASET_NAMES } from "./program/image_data.ts";
import { choice, onOff, text, UsageError, type Values } from "./program/options.ts";
import { runProgram } from "./program/run_program.ts";
import { loadSavedModel, readSavedConfig, transformOf } from "./program/saved_run.ts";

const FLAGS = {
  dataset: choice(DATASET_NAMES, "What to test with", undefined, "what it was trained on"),
  data: text("DIR", "Its folder", undefined, "where it was trained"),
  offline: onOff("Download nothing"),
  device: text("NAME", `Where to compute: ${DEVICE_NAMES.join(", ")}`, "auto"),
  json: onOff("Print one JSON object: accuracy, loss, count, confusion, misclassified"),
};

const BATCH = 128;

async function score(path: string, options: Values<typeof FLAGS>): Promise<void> {
  const config = await readSavedConfig(path);
  const device = await chooseDevice(options.device);
  const dataset = options.dataset ?? config.dataset;
  const trained = dataset === config.dataset ? config.data ?? undefined : undefined;
  const { splits: { test } } = await findImages(
    { dataset, data: options.data ?? trained, offline: options.offline },
    ["test"],
  );
  if (test.classes.join("\n") !== config.classes.join("\n")) {
    throw new TypeError(
      `Cannot evaluate ${path} as its classes must be those of the data: current classes are ` +
        `${config.classes.join(", ")} and ${test.classes.join(", ")}`,
    );
  }
  const model = await loadSavedModel(path, config, device);
  const images = new LabelledImages(test.images, { transform: transformOf(config.normalization) });
  const result = await evaluate(model, new DataLoader(images, { batchSize: BATCH }));
  const cases = result.misclassified.map((one) => ({
    ...one,
    ...(test.paths && { path: test.paths[one.index]! }),
  }));
  if (options.json) {
    console.log(JSON.stringify({ ...result, misclassified: cases }));
    return;
  }
  const { accuracy, count, loss, confusion } = result;
  console.log(
    `accuracy ${(100 * accuracy).toFixed(2)} % of ${count} test images of ${dataset}, loss ${
      loss.toFixed(4)
    }`,
  );
  console.log(`\nConfusion matrix: the class downwards, what was predicted to the right\n`);
  console.log(formatConfusion(confusion, config.classes));
  console.log(`\n${cases.length} misclassified`);
  for (const { index, prediction, truth, path } of cases) {
    console.log(
      `${path ?? `index ${index}`}: predicted ${config.classes[prediction]}, is ${config.classes[truth]}`,
    );
  }
}

await runProgram({
  usage: "deno task evaluate runs/NAME [flags]",
  about: "Scores a trained model on the test images: accuracy, confusion matrix, misclassified cases.",
  flags: FLAGS,
  async main({ values, rest: [path, ...more] }) {
    if (path === undefined) throw new UsageError("The folder of a run is missing");
    if (more.length > 0) throw new UsageError(`Unexpected argument: ${more[0]}`);
    if (values.dataset === "image-folder" && values.data === undefined) {
      throw new UsageError("--dataset image-folder needs --data DIR, with the folder test in it");
    }
    await score(path, values);
  },
}, Deno.args);
