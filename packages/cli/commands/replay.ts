/**
 * Repeats a run and compares the loss curves digit by digit: `deno task replay --help`.
 *
 * @module
 */

import { fileErrors } from "@troodon/io";
import { chooseDevice, filesOfRun, readConfig } from "@troodon/troodon";
import { CurveComparison, readCurve } from "../run/curve.ts";
import { differences, readManifest } from "../run/manifest.ts";
import { onOff, text, UsageError, type Values } from "../flags/options.ts";
import { originOf } from "../run/origin.ts";
import { replayOptions } from "../run/replay_options.ts";
import { type Command, commandOf } from "../flags/run_program.ts";
import { train } from "./train.ts";

const REPLAY_FLAGS = {
  out: text("DIR", "Where to write the new run", undefined, "beside the run, as NAME-replay"),
  force: onOff("Replace a run that is in --out"),
};

async function replay(path: string, { out, force }: Values<typeof REPLAY_FLAGS>): Promise<number> {
  const manifest = await readManifest(path), recorded = await readCurve(path);
  if (recorded.length === 0) {
    throw new RangeError(`Cannot replay ${path} as it must have logged a loss: it has none`);
  }
  const place = out ?? `${path.replace(/[/\\]+$/, "")}-replay`;
  if (!force && (await filesOfRun(place)).length > 0) {
    throw new (fileErrors().AlreadyExists)(
      `Cannot replay ${path} as ${place} must hold no run: --force replaces the one in it, --out DIR leaves it alone`,
    );
  }
  const config = await readConfig(path).catch(() => ({}));
  const given = replayOptions(path, manifest, place, force);
  // Older runs did not invert images, and used easy digits.
  const options = {
    ...given,
    ...("inverted" in config ? {} : { invert: "off" as const }),
    ...("difficulty" in config ? {} : { difficulty: "easy" as const }),
  };
  const device = await chooseDevice(options.device, { log: null });
  const { seed, dataset } = manifest, root = manifest.data?.root ?? null;
  const now = await originOf({ args: manifest.flags, dataset, root, seed, device });
  for (const line of differences(manifest, now)) console.log(`Differs from the run: ${line}`);
  for (const { step, differs } of manifest.resumed) {
    if (differs.length > 0) console.log(`The run went on after step ${step} with ${differs.join("; ")}`);
  }
  const comparison = new CurveComparison(recorded);
  const code = await train(options, [...manifest.flags, "--out", place], comparison.observer);
  const { equal, difference } = comparison;
  if (difference !== null) {
    console.log(`Line ${difference.line} of metrics.jsonl differs, after ${equal} that are equal:`);
    console.log(`  was ${JSON.stringify(difference.was)}\n  is  ${JSON.stringify(difference.is)}`);
    return 1;
  }
  if (comparison.isWhole) {
    console.log(`Equal to the digit: all ${equal} lines of metrics.jsonl`);
    return code;
  }
  console.log(`Ended after ${equal} of ${recorded.length} lines of metrics.jsonl, which are equal`);
  return code || 1;
}

/** The command `replay`. */
export const REPLAY: Command = commandOf({
  name: "replay",
  usage: "runs/NAME [flags]",
  about:
    "Runs a training run again, in a new folder with the same flags, and compares the loss curve to the " +
    "digit.\nExit code 0 if it is equal, 1 with the first line that differs.",
  flags: REPLAY_FLAGS,
  async main({ values, rest: [path, ...more] }) {
    if (path === undefined) throw new UsageError("The folder of a run is missing");
    if (more.length > 0) throw new UsageError(`Unexpected argument: ${more[0]}`);
    return await replay(path, values);
  },
});
