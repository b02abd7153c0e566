/**
 * Trains the CNN for 2,000 steps on generated digits, prints the device's memory each 100, and says whether it is flat
 * after the first 100: `deno run -A scripts/memory_flat.ts [--device NAME] [--steps N]`.
 *
 * @module
 */

import {
  Adam,
  chooseDevice,
  Cnn,
  CrossEntropyLoss,
  DataLoader,
  DEVICE_NAMES,
  fit,
  GeneratedDigits,
  manualSeed,
  type StepEvent,
  ToTensor,
} from "@troodon/troodon";
import { count, text, type Values } from "./program/options.ts";
import { runProgram } from "./program/run_program.ts";

const FLAGS = {
  device: text("NAME", `Where to compute: ${DEVICE_NAMES.join(", ")}`, "auto"),
  steps: count("Training steps", 2000, { min: 200 }),
  "batch-size": count("Samples of a step", 64),
};

const EVERY = 100;

async function measure(
  { device: name, steps, "batch-size": batchSize }: Values<typeof FLAGS>,
): Promise<void> {
  const { memory } = await chooseDevice(name);
  manualSeed(0);
  const digits = await GeneratedDigits.open({ count: EVERY * batchSize, transform: new ToTensor() });
  const model = new Cnn();
  const optimizer = new Adam(model.parameters());
  const seen: string[] = [];
  const show = ({ step }: StepEvent): void => {
    if (step % EVERY !== 0) return;
    const { buffers, bytes, lost } = memory;
    const process = Math.round(Deno.memoryUsage().rss / 2 ** 20);
    console.log(
      `step ${step}: ${buffers} buffers, ${bytes} bytes, ${lost} lost; the process has ${process} MiB`,
    );
    seen.push(`${buffers} buffers, ${bytes} bytes`);
  };
  await fit(model, new DataLoader(digits, { batchSize, shuffle: true }), {
    optimizer,
    loss: new CrossEntropyLoss(),
    epochs: Math.ceil(steps / EVERY),
    logEvery: EVERY,
    observers: [{ onStep: show }],
  });
  const different = new Set(seen);
  if (different.size > 1 || memory.lost > 0) {
    throw new RangeError(`Memory is not flat: ${[...different].join("; ")}; ${memory.lost} lost`);
  }
  console.log(`Memory is flat: ${seen[0]}`);
}

await runProgram({
  usage: "deno run -A scripts/memory_flat.ts [flags]",
  about: "Says whether training keeps its memory: 2,000 steps of the CNN.",
  flags: FLAGS,
  main: ({ values }) => measure(values),
}, Deno.args);
