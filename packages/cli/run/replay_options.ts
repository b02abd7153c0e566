/** The flags with which a run is run again. */
import { join } from "@std/path";
import { MANIFEST_FILE } from "@troodon/troodon";
import type { Manifest } from "./manifest.ts";
import { readCommandLine, UsageError, type Values } from "../flags/options.ts";
import { FLAGS, type TrainOptions } from "./train_flags.ts";

/**
 * The options of the run in `path`, to be written to `out`, with its data where they were.
 *
 * @throws {TypeError} If its flags are none of `deno task train`.
 */
export function replayOptions(
  path: string,
  { flags, dataset, data }: Manifest,
  out: string,
  force: boolean,
): TrainOptions {
  try {
    const { values, rest } = readCommandLine(flags, FLAGS);
    if (rest.length > 0) throw new UsageError(`Unexpected argument: ${rest[0]}`);
    const given: Values<typeof FLAGS> = values;
    const options = { ...given, out, force, resume: undefined, data: data?.root };
    return { ...options, dataset: FLAGS.dataset.parse(dataset) };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new TypeError(
      `Cannot replay ${join(path, MANIFEST_FILE)} as its flags must be those of train: ${error.message}`,
    );
  }
}
