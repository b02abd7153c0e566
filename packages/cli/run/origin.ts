/** Origin of a run, for its manifest. */
import { runtimeHost } from "@troodon/io";
import type { Device } from "@troodon/troodon";
import { type DataDigest, digestOfFiles } from "../images/data_digest.ts";
import { commitOf } from "./git_commit.ts";
import { VERSION } from "../version.ts";
import type { RunOrigin } from "./manifest.ts";

/** Returns true for files of MNIST and similar datasets, as other files may be in the same folder. */
const isIdx = (name: string): boolean => /-ubyte(\.gz)?$/.test(name);

/** Computes the digest of the data in `root`; null for generated data. */
export async function digestOfData(dataset: string, root: string | null): Promise<DataDigest | null> {
  if (root === null) return null;
  return await digestOfFiles(root, dataset === "image-folder" ? undefined : isIdx);
}

/** Removes the flags for the location and the resumption of a run from the arguments of a command. */
export function runFlags(args: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!, name = arg.replace(/=.*/s, ""), next = args[i + 1];
    if (!["--out", "--resume", "--force"].includes(name)) kept.push(arg);
    // Skip the value of the flag, which --resume may lack.
    else if (arg === "--out" || (arg === "--resume" && next !== undefined && !next.startsWith("-"))) i++;
  }
  return kept;
}

/** Returns the versions of Troodon, of the runtime and of its engine, and the system. */
export function versionsNow(): Record<string, string> {
  const { versions, system, architecture } = runtimeHost();
  return { Troodon: VERSION, ...versions, system: `${system} ${architecture}` };
}

/** Returns the origin of a run that starts now. */
export async function originOf(
  { args, dataset, root, seed, device }: {
    readonly args: readonly string[];
    readonly dataset: string;
    readonly root: string | null;
    readonly seed: number;
    readonly device: Device;
  },
): Promise<RunOrigin> {
  return {
    flags: runFlags(args),
    dataset,
    data: await digestOfData(dataset, root),
    seed,
    versions: versionsNow(),
    device: device.toString(),
    commit: await commitOf(runtimeHost().folder()),
  };
}
