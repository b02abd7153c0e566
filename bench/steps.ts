/**
 * Times training steps: `deno task bench:steps --help`.
 *
 * @module
 */

import { count, runProgram, text, UsageError } from "@troodon/cli/flags";
import { type MeteredDevice, openDevice } from "./devices.ts";
import { measure, samplerOf, type Timing } from "./measure.ts";
import { COMMON_FLAGS, listed } from "./options.ts";
import { circumstances, showCircumstances, writeReport } from "./report.ts";
import { countSteps, type StepCounts } from "./steps/count_steps.ts";
import { PROGRAM_NAMES, type ProgramName, PROGRAMS } from "./steps/programs/mod.ts";
import { prepareStep } from "./steps/training_step.ts";
import { digits, formatBytes, formatTable } from "./table.ts";

const FLAGS = {
  ...COMMON_FLAGS,
  model: text("NAMES", `Of ${PROGRAM_NAMES.join(", ")}, with commas`, "mlp,lenet,cnn,cnn-bn"),
  "batch-size": count("Samples of a step; what is usual for the model by default", undefined),
};

/** A model on a device; seconds of one step. */
interface Row extends Timing, StepCounts {
  readonly model: ProgramName;
  readonly device: string;
  readonly batchSize: number;
}

/** Seconds for each model on each device. */
const SECONDS = { usual: 3, quick: 0.05 };

async function timeModel(
  model: ProgramName,
  given: number | undefined,
  devices: ReadonlyMap<string, MeteredDevice>,
  seconds: number,
): Promise<Row[]> {
  const batchSize = given ?? PROGRAMS[model].batchSize;
  const prepared = [...devices].map(([name, device]) => ({
    name,
    device,
    step: prepareStep(device, model, batchSize),
  }));
  const counts: StepCounts[] = [];
  for (const { device, step } of prepared) counts.push(await countSteps(device, step));
  const timings = await measure(prepared.map(({ device, step }) => samplerOf(device, () => step())), seconds);
  return prepared.map(({ name }, i) => ({ model, device: name, batchSize, ...timings[i]!, ...counts[i]! }));
}

function showRows(rows: readonly Row[]): string {
  const heads = [
    "step",
    "device",
    "ms",
    "best",
    "batch",
    "samples/s",
    "GFLOP/s",
    "launches",
    "dispatches",
    "compiled",
    "submits",
    "made",
  ];
  heads.push("moved", "allocated", "peak");
  const cells = rows.map(({ model, device, batchSize, median, best, flops, gpu, ...row }) => [
    `${model}: ${PROGRAMS[model].title}`,
    device,
    String(batchSize),
    digits(1000 * median),
    digits(1000 * best),
    Math.round(batchSize / median).toString(),
    digits(flops / median / 1e9),
    String(row.launches),
    ...(gpu ? [gpu.dispatches, gpu.compiled, gpu.submissions, gpu.made].map(String) : ["-", "-", "-", "-"]),
    ...[row.bytes, row.allocatedBytes, row.peakBytes].map(formatBytes),
  ]);
  return formatTable(heads, cells, { left: 2 });
}

function modelsOf(names: string): ProgramName[] {
  return listed(names).map((name) => {
    const found = PROGRAM_NAMES.find((known) => known === name);
    if (found === undefined) {
      throw new UsageError(`--model must be of ${PROGRAM_NAMES.join(", ")}: current one is ${name}`);
    }
    return found;
  });
}

await runProgram({
  usage: "deno task bench:steps [flags]",
  about: "Times training steps on a batch of noise, and counts what they ask of the device.",
  flags: FLAGS,
  async main({ values: { device, json, quick, model, "batch-size": batchSize } }) {
    const rows: Row[] = [];
    let about: ReturnType<typeof circumstances> | undefined;
    for (const name of modelsOf(model)) {
      // Devices of its own, so that no model finds memory of another.
      const devices = new Map<string, MeteredDevice>();
      for (const one of listed(device)) devices.set(one, await openDevice(one));
      about ??= circumstances("bench:steps", devices);
      rows.push(...await timeModel(name, batchSize, devices, quick ? SECONDS.quick : SECONDS.usual));
      for (const opened of devices.values()) opened[Symbol.dispose]();
    }
    if (about === undefined) throw new UsageError("--model names no model");
    console.log(`${showCircumstances(about)}\n\n${showRows(rows)}`);
    await writeReport(json, about, rows);
  },
}, Deno.args);
