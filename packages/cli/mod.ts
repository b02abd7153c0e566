/**
 * The programs of Troodon: train a network on images, evaluate it, and classify other images.
 *
 * ```sh
 * deno run -A jsr:@troodon/cli train
 * npx @troodon/cli train
 * ```
 *
 * @module
 */

import { nearest } from "@troodon/core/kernel";
import { runtimeHost } from "@troodon/io";
import { commandName } from "./flags/command_name.ts";
import type { Command } from "./flags/run_program.ts";
import { VERSION } from "./version.ts";

/** Command with its description and module, which is loaded when the command runs. */
interface Entry {
  readonly about: string;
  readonly load: () => Promise<Command>;
}

const COMMANDS: Readonly<Record<string, Entry>> = {
  train: {
    about: "Trains a network on images",
    load: async () => (await import("./commands/train.ts")).TRAIN,
  },
  evaluate: {
    about: "Scores a trained model on test images",
    load: async () => (await import("./commands/evaluate.ts")).EVALUATE,
  },
  predict: {
    about: "Says what is on images",
    load: async () => (await import("./commands/predict.ts")).PREDICT,
  },
  runs: {
    about: "Lists runs with their best results",
    load: async () => (await import("./commands/runs.ts")).RUNS,
  },
  replay: {
    about: "Runs a run again, and compares its loss curve to the digit",
    load: async () => (await import("./commands/replay.ts")).REPLAY,
  },
  convert: {
    about: "Writes tensors, or the model of a run, to a file of another format",
    load: async () => (await import("./commands/convert.ts")).CONVERT,
  },
  doctor: {
    about: "Says what this machine offers, and checks every kernel on it",
    load: async () => (await import("./commands/doctor.ts")).DOCTOR,
  },
  bisect: {
    about: "Finds the first op whose results on two devices part",
    load: async () => (await import("./commands/bisect.ts")).BISECT,
  },
};

/** Returns the text of `--help`. */
function help(): string {
  const lines = Object.entries(COMMANDS).map(([name, { about }]) => `  ${name.padEnd(10)}${about}`);
  return `Usage: ${commandName("COMMAND")} [arguments]\n\nCommands:\n${
    lines.join("\n")
  }\n\nFlags:\n  --help    This text; behind a command, its flags\n  --version The version`;
}

/**
 * Runs a command: its name, one of `train`, `evaluate`, `predict`, `runs`, `replay`, `convert`, `doctor` and `bisect`,
 * followed by its arguments.
 *
 * @returns The exit code: 0 on success, 1 on an error, 2 for a wrong command line.
 */
export async function main(args: readonly string[]): Promise<number> {
  const [name = "--help", ...rest] = args;
  if (name === "--help" || name === "-h") {
    console.log(help());
    return 0;
  }
  if (name === "--version") {
    console.log(VERSION);
    return 0;
  }
  if (Object.hasOwn(COMMANDS, name)) return await (await COMMANDS[name]!.load()).run(rest);
  const meant = nearest(name, Object.keys(COMMANDS));
  console.error(
    `Unknown command: ${name}${meant === null ? "" : `. Did you mean ${meant}?`}\n` +
      `Usage: ${commandName("COMMAND")} [arguments] (--help lists the commands)`,
  );
  return 2;
}

if (import.meta.main) await runtimeHost().exit(await main(runtimeHost().args));
