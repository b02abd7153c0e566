/**
 * Runs small training programs for 20,000 steps, each configuration in its own process, and reports whether
 * they hold more at the end than after 1,000 steps: live buffers, their bytes, and the memory of the process.
 * Readings are taken every 1,000 steps after forced collections; the memory of the process is the median of
 * three. `deno run -A scripts/over_time.ts [flags] [words]`: words select configurations, such as `cpu cnn`
 * or `webgpu random collector`. The exit code is 1 if anything grew.
 *
 * @module
 */

import { type Configuration, configurations, nameOf } from "./over_time/configuration.ts";
import type { Reading } from "./over_time/reading.ts";
import { run, warm } from "./over_time/run.ts";
import { growthOf, rowOf, TABLE_HEAD } from "./over_time/table.ts";
import { count, number, onOff, runProgram, text, type Values } from "@troodon/cli/flags";
import { runDeno } from "./run_deno.ts";

const FLAGS = {
  steps: count("Training steps", 20_000),
  from: count("Steps after which nothing should grow any more", 1000),
  most: number("How many times as much as then there may be at the end", 1.02, { min: 1 }),
  json: onOff("Print the readings of each configuration as a line of JSON"),
  one: text("JSON", "Run this configuration in this process, and print its readings", ""),
};

/** V8 flags: exposes the collector, and fixes the size of the young generation. */
const V8 = "--v8-flags=--expose-gc,--min-semi-space-size=16,--max-semi-space-size=16";

/**
 * Steps after which readings are taken, at equal intervals: the memory of the collector grows with the
 * garbage it finds at once, and the objects awaiting finalization grow with the time between.
 */
function pointsOf({ from, steps }: Values<typeof FLAGS>): number[] {
  return [...Array.from({ length: Math.ceil(steps / from) - 1 }, (_, i) => (i + 1) * from), steps];
}

async function inProcess(one: Configuration, flags: Values<typeof FLAGS>): Promise<Reading[]> {
  const sizes = ["--steps", `${flags.steps}`, "--from", `${flags.from}`];
  const program = [V8, "scripts/over_time.ts", "--one", JSON.stringify(one)];
  const { output, success } = await runDeno(["run", "-A", ...program, ...sizes]);
  const last = output.trimEnd().split("\n").at(-1) ?? "";
  if (!success || !last.startsWith("[")) throw new TypeError(`Cannot run ${nameOf(one)}: ${output}`);
  return JSON.parse(last);
}

async function main(flags: Values<typeof FLAGS>, words: readonly string[]): Promise<void> {
  if (flags.one !== "") {
    await warm();
    const readings = await run(JSON.parse(flags.one), pointsOf(flags));
    return console.log(JSON.stringify(readings));
  }
  const grown: string[] = [];
  if (!flags.json) console.log(TABLE_HEAD);
  for (const one of configurations(words)) {
    const readings = await inProcess(one, flags);
    console.log(flags.json ? JSON.stringify({ ...one, readings }) : rowOf(one, readings));
    if (Object.values(growthOf(readings)).some((times) => times > flags.most)) grown.push(nameOf(one));
  }
  if (grown.length > 0) throw new RangeError(`Memory is not flat: ${grown.join("; ")}`);
}

await runProgram({
  usage: "deno run -A scripts/over_time.ts [flags] [words]",
  about: "Says whether training holds no more after many steps than after some.",
  flags: FLAGS,
  main: ({ values, rest }) => main(values, rest),
}, Deno.args);
