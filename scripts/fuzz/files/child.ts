/**
 * Reads changed files in a separate process, started by `run_files.ts`, and prints a line of JSON for each.
 *
 * @module
 */
import { join } from "@std/path";
import { Device, ReferenceBackend, setDefaultDevice, tape } from "@troodon/troodon";
import type { Bytes, FileFormat, Sample } from "./file_format.ts";
import { faultOf } from "./judge.ts";
import { type Mutant, mutantOf } from "./mutant.ts";
import { outcomeOf, writeFolder } from "./outcome.ts";
import { FORMATS } from "./table.ts";

/** Range of mutants of a format to read. */
export interface Job {
  readonly format: string;
  readonly from: number;
  readonly to: number;
}

/** Job of the process, as JSON. */
export interface ChildOptions {
  readonly seed: number;
  readonly jobs: readonly Job[];
  /** Folder for the files. */
  readonly folder: string;
  /** If true, keeps accepted files that another reader can also read. */
  readonly keepsRead: boolean;
}

/** Result of a mutant, one line of the output. */
export interface Line {
  readonly format: string;
  readonly n: number;
  readonly sample: string;
  readonly done: readonly string[];
  readonly value: string | null;
  readonly message: string | null;
  readonly stack: string | null;
  readonly fault: string | null;
  /** Path of the changed file, if it was kept. */
  readonly kept: string | null;
}

/** Unhandled rejection of the current mutant, or null. */
let rejected: string | null = null;
globalThis.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  rejected = String(event.reason);
});

/** Reads the unchanged files of each sample. */
async function originalsOf(
  format: FileFormat,
  samples: readonly Sample[],
  folder: string,
): Promise<ReadonlyMap<Sample, string | null>> {
  const originals = new Map<Sample, string | null>();
  for (const sample of samples) {
    await writeFolder(folder, sample.files);
    const { value } = await outcomeOf(format, folder, sample.changed[0]!);
    originals.set(sample, value);
  }
  return originals;
}

/** Returns bytes of every format, for splices. */
async function allBytes(): Promise<Bytes[]> {
  const all: Bytes[] = [];
  for (const { samples } of FORMATS) {
    for (const { files, changed } of await samples()) all.push(files.get(changed[0]!)!);
  }
  return all;
}

/** Copies the files of a mutant to a folder of its own. */
async function keep({ files, changed }: Mutant, folder: string): Promise<string> {
  await writeFolder(folder, files);
  return join(folder, changed);
}

async function run({ seed, jobs, folder, keepsRead }: ChildOptions): Promise<void> {
  const others = await allBytes(), encoder = new TextEncoder(), place = join(folder, "read");
  for (const { format: name, from, to } of jobs) {
    const format = FORMATS.find((one) => one.name === name)!, samples = await format.samples();
    const originals = await originalsOf(format, samples, place);
    for (let n = from; n < to; n++) {
      const mutant = await mutantOf(format, samples, others, { seed, n });
      await writeFolder(place, mutant.files);
      rejected = null;
      const outcome = await outcomeOf(format, place, mutant.changed);
      // Unhandled rejections are reported in a later turn.
      if (n % 16 === 0 || outcome.error !== null) await new Promise((resolve) => setTimeout(resolve));
      const fault = rejected === null
        ? faultOf(format, mutant, outcome, place, originals.get(mutant.sample)!)
        : `an unhandled rejection: ${rejected}`;
      const keeps = fault !== null || (keepsRead && format.against !== undefined && outcome.value !== null);
      const kept = keeps ? await keep(mutant, join(folder, `${name.replaceAll(/\W+/g, "_")}_${n}`)) : null;
      const line: Line = {
        format: name,
        n,
        sample: mutant.sample.name,
        done: mutant.done,
        value: outcome.value,
        message: outcome.error?.message ?? null,
        stack: fault === null ? null : outcome.error?.stack ?? null,
        fault,
        kept,
      };
      Deno.stdout.writeSync(encoder.encode(`${JSON.stringify(line)}\n`));
    }
  }
}

if (import.meta.main) {
  setDefaultDevice(new Device(new ReferenceBackend(), { tape }));
  await run(JSON.parse(Deno.args[0]!) as ChildOptions);
  Deno.exit(0);
}
