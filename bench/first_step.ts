/**
 * Times the first training step of a process, from the end of the imports to the loss:
 * `deno run -A bench/first_step.ts --device native@1 --model lenet`. Each process gives one time.
 *
 * @module
 */

import { runProgram, text, UsageError } from "@troodon/cli/flags";
import { openDevice } from "./devices.ts";
import { COMMON_FLAGS } from "./options.ts";
import { PROGRAM_NAMES, PROGRAMS } from "./steps/programs/mod.ts";
import { prepareStep } from "./steps/training_step.ts";

const FLAGS = {
  device: COMMON_FLAGS.device,
  model: text("NAME", `One of ${PROGRAM_NAMES.join(", ")}`, "lenet"),
};

const start = performance.now();

await runProgram({
  usage: "deno run -A bench/first_step.ts [flags]",
  about: "Times the first training step of a process: device, network, batch and step.",
  flags: FLAGS,
  async main({ values: { device: name, model } }) {
    const chosen = PROGRAM_NAMES.find((one) => one === model);
    if (chosen === undefined) throw new UsageError(`--model must be one of ${PROGRAM_NAMES.join(", ")}`);
    using device = await openDevice(name);
    const step = prepareStep(device, chosen, PROGRAMS[chosen].batchSize), prepared = performance.now();
    step();
    await device.backend.finish();
    const end = performance.now(), ms = (from: number): string => (end - from).toFixed(0);
    console.log(`${model} on ${device}: ${ms(start)} ms, of which the step took ${ms(prepared)} ms`);
  },
}, Deno.args);
