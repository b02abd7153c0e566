/**
 * Compares the time of training steps with and without `compile()`: `deno task bench:compiled --help`.
 *
 * @module
 */

import { runProgram, text, UsageError } from "@troodon/cli/flags";
import { compile } from "@troodon/compile";
import { Scope, type Tensor } from "@troodon/core";
import process from "node:process";
import { type MeteredDevice, openDevice } from "./devices.ts";
import { measure, type Sampler } from "./measure.ts";
import { COMMON_FLAGS, listed } from "./options.ts";
import { circumstances, showCircumstances, writeReport } from "./report.ts";
import {
  PROGRAM_NAMES,
  type ProgramName,
  PROGRAMS,
  type ProgramSize,
  trainStep,
} from "./steps/programs/mod.ts";
import { digits, formatTable } from "./table.ts";

/** Variants of a step: uncompiled, compiled without merging kernels, and compiled. */
const WAYS = ["eager", "compiled, fuse: false", "compiled"] as const;

const FLAGS = {
  ...COMMON_FLAGS,
  model: text(
    "NAMES",
    `Of ${PROGRAM_NAMES.join(", ")}, with commas; with "small-" before it, the one of the tests`,
    "mlp,lenet,small-transformer",
  ),
  "batch-size": text("NUMBERS", "Samples of a step, with commas", "1,16,64"),
};

/** Program with a batch size; CPU seconds of one step for each variant. */
interface Row {
  readonly model: string;
  readonly batchSize: number;
  readonly device: string;
  readonly seconds: readonly number[];
}

/** CPU time of all threads of the process in seconds, which other processes do not influence. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Samples of the CPU time that steps take. */
const cpuSampler = (device: MeteredDevice, step: () => void): Sampler => async (calls) => {
  const start = cpuSeconds();
  for (let i = 0; i < calls; i++) step();
  await device.finish();
  return cpuSeconds() - start;
};

/** Steps of a program on the default device, one for each variant. */
function stepsOf(name: ProgramName, size: ProgramSize, batchSize: number): (() => void)[] {
  return WAYS.map((way) => {
    const { draw, loss, optimizer } = PROGRAMS[name].build(batchSize, size),
      own = optimizer(),
      batch = draw();
    const step = (...given: Tensor[]): Tensor => trainStep(own, () => loss(...given));
    if (way === "eager") {
      return () => {
        using _ = new Scope();
        step(...batch);
      };
    }
    const compiled = compile(step, { fuse: way === "compiled" });
    return () => void compiled(...batch);
  });
}

function namedProgram(model: string): readonly [ProgramName, ProgramSize] {
  const small = model.startsWith("small-"), name = small ? model.slice("small-".length) : model;
  const found = PROGRAM_NAMES.find((known) => known === name);
  if (found === undefined) {
    throw new UsageError(`--model must be of ${PROGRAM_NAMES.join(", ")}: current one is ${model}`);
  }
  return [found, small ? "small" : "usual"];
}

await runProgram({
  usage: "deno task bench:compiled [flags]",
  about: "Compares the CPU time of training steps as they are and compiled, in turns.",
  flags: FLAGS,
  async main({ values: { device, json, quick, model, "batch-size": sizes } }) {
    const rows: Row[] = [];
    let about: ReturnType<typeof circumstances> | undefined;
    for (const name of listed(model)) {
      for (const batchSize of listed(sizes).map(Number)) {
        for (const one of listed(device)) {
          using opened = await openDevice(one);
          about ??= circumstances("bench:compiled", new Map([[one, opened]]));
          const steps = stepsOf(...namedProgram(name), batchSize);
          for (const step of steps) for (let i = 0; i < (quick ? 5 : 100); i++) step();
          const timings = await measure(steps.map((step) => cpuSampler(opened, step)), quick ? 0.05 : 1.5);
          rows.push({ model: name, batchSize, device: one, seconds: timings.map(({ median }) => median) });
        }
      }
    }
    if (about === undefined) throw new UsageError("--model, --batch-size or --device names nothing");
    const cells = rows.map(({ seconds, ...row }) => [
      ...[row.model, row.device, String(row.batchSize)],
      ...seconds.map((s) => digits(1e6 * s)),
      ...seconds.slice(1).map((s) => (s / seconds[0]!).toFixed(2)),
    ]);
    const heads = [
      "step",
      "device",
      "batch",
      ...WAYS.map((way) => `${way}, us`),
      "ratio, fuse: false",
      "ratio",
    ];
    console.log(`${showCircumstances(about)}\n\n${formatTable(heads, cells, { left: 2 })}`);
    await writeReport(json, about, rows);
  },
}, Deno.args);
