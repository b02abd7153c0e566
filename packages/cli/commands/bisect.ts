/**
 * Finds the first op whose results differ between two devices: `deno task bisect --help`.
 *
 * @module
 */

import {
  chooseDevice,
  compareDevices,
  CrossEntropyLoss,
  DataLoader,
  type Device,
  DEVICE_NAMES,
  formatDeviceComparison,
  GeneratedDigits,
  manualSeed,
  type Module,
  setDefaultDevice,
} from "@troodon/troodon";
import { createModel, modelNames, SMALL_NAMES } from "../network/create_model.ts";
import { MNIST_SHAPE } from "../images/image_shape.ts";
import { transformOf } from "../images/normalization.ts";
import { count, nameAmong, onOff, text, UsageError } from "../flags/options.ts";
import { type Command, commandOf } from "../flags/run_program.ts";
import { loadSavedModel, readSavedConfig } from "../run/saved_run.ts";

const FLAGS = {
  devices: text("NAMES", `What is compared, of ${DEVICE_NAMES.join(", ")}`, "cpu,webgpu"),
  model: nameAmong(
    modelNames(),
    `The network, with new weights, where no run is given: ${
      SMALL_NAMES.join(", ")
    }, or a name of torchvision's`,
    "cnn-bn",
  ),
  "batch-size": count("Samples of the step, which are drawn", 16),
  seed: count("Seed of weights and samples", 0, { min: 0 }),
  json: onOff("Print JSON with every call that parts"),
};

/** Network of a run with its weights, or a new one, with the images that it takes. */
async function networkOf(run: string | undefined, model: string, device: Device) {
  if (run === undefined) {
    return {
      network: createModel(model),
      transform: transformOf({ mean: 0.1307, std: 0.3081 }, MNIST_SHAPE),
    };
  }
  const config = await readSavedConfig(run);
  const network: Module = await loadSavedModel(run, config, device);
  return { network, transform: transformOf(config.normalization, config.shape) };
}

/** The command `bisect`. */
export const BISECT: Command = commandOf({
  name: "bisect",
  usage: "[runs/NAME] [flags]",
  about:
    "Makes one training step on several devices, each call with the same inputs, and names the first op whose results part,\n" +
    "with its layer and its worst element. The exit code is 1 if one does.",
  flags: FLAGS,
  async main(
    { values: { devices: names, model, "batch-size": batchSize, seed, json }, rest: [run, ...surplus] },
  ) {
    if (surplus.length > 0) throw new UsageError("There is more than one run");
    const devices: Device[] = [];
    for (const name of new Set(names.split(","))) devices.push(await chooseDevice(name, { log: null }));
    const [lead] = devices;
    if (lead === undefined || devices.length < 2) {
      throw new UsageError("--devices must name two devices or more");
    }
    setDefaultDevice(lead);
    manualSeed(seed);
    const { network, transform } = await networkOf(run, model, lead);
    let parts = false;
    const digits = await GeneratedDigits.open({ count: batchSize, seed, transform });
    for await (const batch of new DataLoader(digits, { batchSize })) {
      const comparison = await compareDevices(network.train(), batch, new CrossEntropyLoss(), { devices });
      console.log(json ? JSON.stringify(comparison, null, 2) : formatDeviceComparison(comparison));
      parts ||= comparison.first !== null;
    }
    return parts ? 1 : 0;
  },
});
