/**
 * Scores a trained model on the test images: `deno task evaluate --help`.
 *
 * @module
 */

import { isNotFound, runtimeHost } from "@troodon/io";
import {
  chooseDevice,
  DataLoader,
  DEVICE_NAMES,
  evaluate,
  formatNumber,
  LabeledImages,
} from "@troodon/troodon";
import { WEIGHTS_FLAGS, weightsFile } from "../run/checkpoint.ts";
import { findImages } from "../images/find_images.ts";
import { inverted } from "../images/ground.ts";
import { DATASET_NAMES } from "../images/image_data.ts";
import { choice, count, onOff, text, UsageError, type Values } from "../flags/options.ts";
import { type Command, commandOf } from "../flags/run_program.ts";
import { outputScreen } from "../flags/screen.ts";
import { drawCases, showCases } from "../images/show_cases.ts";
import { showConfusion, showWorst } from "../images/show_classes.ts";
import { checkSameClasses } from "../images/same_classes.ts";
import { transformOf } from "../images/normalization.ts";
import { loadSavedModel, readSavedConfig } from "../run/saved_run.ts";
import { testBatchSize } from "../images/training_data.ts";

const FLAGS = {
  dataset: choice(DATASET_NAMES, "What to test with", undefined, "what it was trained on"),
  data: text("DIR", "Its folder", undefined, "where it was trained"),
  offline: onOff("Download nothing"),
  device: text("NAME", `Where to compute: ${DEVICE_NAMES.join(", ")}`, "auto"),
  ...WEIGHTS_FLAGS,
  limit: count("Show so many of the misclassified images", undefined, {
    shown: "6 pictures on a terminal, else 20 lines",
  }),
  json: onOff("Print one JSON object: accuracy, loss, count, confusion, misclassified"),
};

async function score(path: string, options: Values<typeof FLAGS>): Promise<void> {
  const config = await readSavedConfig(path);
  const device = await chooseDevice(options.device);
  const dataset = options.dataset ?? config.dataset;
  const trained = dataset === config.dataset ? config.data : null;
  const { splits: { test } } = await findImages(
    {
      ...{ dataset, data: options.data, offline: options.offline, before: trained },
      ...{ shape: config.shape, ...(dataset === config.dataset && { difficulty: config.difficulty }) },
    },
    ["test"],
  ).catch((error) => {
    const isMissing = isNotFound(error) && options.data === undefined;
    if (isMissing) error.message += ": --data DIR says where the data are";
    throw error;
  });
  await runtimeHost().giveUpNetwork();
  checkSameClasses(
    `evaluate ${path}`,
    { of: "the model", classes: config.classes },
    { of: "the test images", classes: test.classes },
  );
  const model = await loadSavedModel(path, config, device, await weightsFile(path, options));
  const images = new LabeledImages(config.inverted ? inverted(test.images) : test.images, {
    transform: transformOf(config.normalization, config.shape),
  });
  const result = await evaluate(model, new DataLoader(images, { batchSize: testBatchSize(config.shape) }));
  if (!Number.isFinite(result.loss)) {
    throw new RangeError(`Cannot score ${path} as its loss must be finite: current loss is ${result.loss}`);
  }
  const cases = result.misclassified.map((one) => ({
    ...one,
    ...(test.paths && { path: test.paths[one.index]! }),
  }));
  if (options.json) {
    console.log(JSON.stringify({ ...result, misclassified: cases }));
    return;
  }
  const { accuracy, loss, confusion } = result, { classes } = config, screen = outputScreen();
  console.log(
    `accuracy ${(100 * accuracy).toFixed(2)} % of ${result.count} test images of ${dataset}, loss ${
      formatNumber(loss)
    }`,
  );
  const shown = screen === null
    ? showCases(cases, classes, options.limit)
    : drawCases(cases, classes, test.images, screen, options.limit);
  for (const part of [showConfusion(confusion, classes, screen), showWorst(confusion, classes), shown]) {
    if (part.length > 0) console.log(`\n${part.join("\n")}`);
  }
}

/** The command `evaluate`. */
export const EVALUATE: Command = commandOf({
  name: "evaluate",
  usage: "runs/NAME [flags]",
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
});
