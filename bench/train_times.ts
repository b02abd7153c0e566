/**
 * Times `deno task train` from launch to a test accuracy, with the default engine and with WebAssembly alone, in turns:
 * `deno run -A bench/train_times.ts --rounds 5`.
 *
 * @module
 */

import { count, runProgram, text, UsageError } from "@troodon/cli/flags";
import { median } from "./measure.ts";
import { digits, formatTable } from "./table.ts";

const FLAGS = {
  rounds: count("Turns of each", 5),
  accuracy: text("PERCENT", "Test accuracy to reach", "99"),
  flags: text("FLAGS", "Flags of train, with blanks between them", "--dataset mnist"),
};

/** Environment variables of the compared runs. */
const ENGINES = { native: {}, wasm: { TROODON_NATIVE: "off", TROODON_BLAS: "off" } };

/** Trains to the accuracy and returns the seconds since launch; undefined if it is never reached. */
async function secondsTo(accuracy: number, flags: readonly string[], env: Record<string, string>) {
  const start = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "scripts/train.ts",
      "--device",
      "cpu",
      "--out",
      "runs/bench-train-times",
      "--force",
      ...flags,
    ],
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let text = "", seconds: number | undefined;
  try {
    for await (const part of child.stdout.pipeThrough(new TextDecoderStream())) {
      text += part;
      const reached = [...text.matchAll(/test accuracy ([\d.]+) %/g)].some(([, found]) =>
        Number(found) >= accuracy
      );
      if (!reached) continue;
      seconds = (performance.now() - start) / 1000;
      child.kill("SIGTERM");
      break;
    }
  } finally {
    await child.status;
  }
  return seconds;
}

await runProgram({
  usage: "deno run -A bench/train_times.ts [flags]",
  about:
    "Times training from launch to a test accuracy, by what a user gets and by WebAssembly alone, in turns.",
  flags: FLAGS,
  async main({ values: { rounds, accuracy, flags } }) {
    const times: Record<keyof typeof ENGINES, number[]> = { native: [], wasm: [] };
    for (let round = 0; round < rounds; round++) {
      for (const [name, env] of Object.entries(ENGINES) as [keyof typeof ENGINES, Record<string, string>][]) {
        const seconds = await secondsTo(Number(accuracy), flags.split(" "), env);
        if (seconds === undefined) throw new UsageError(`--accuracy ${accuracy} was not reached on ${name}`);
        times[name].push(seconds);
      }
    }
    const rows = Object.entries(times).map(([name, all]) => [
      name,
      digits(median(all)),
      all.map(digits).join(", "),
      digits(median(all) / median(times.wasm)),
    ]);
    console.log(formatTable(["engine", "median, s", "all, s", "ratio"], rows, { left: 1 }));
  },
}, Deno.args);
