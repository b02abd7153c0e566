/** The runs in a folder, with their best results. */
import { basename, join, resolve } from "@std/path";
import { isNotFound, runtimeFiles } from "@troodon/io";
import { CONFIG_FILE, filesOfRun, isBeingWritten, readConfig } from "@troodon/troodon";
import { type CurvePoint, readCurve } from "./curve.ts";
import { type Manifest, readManifest } from "./manifest.ts";

/** Status of a run. */
export type RunStatus = Manifest["status"] | "damaged";

/** A run of a list. */
export interface ListedRun {
  /** Name of its folder. */
  readonly name: string;
  readonly path: string;
  readonly status: RunStatus;
  /** The fault of a damaged run; null for others. */
  readonly fault: string | null;
  readonly model: string | null;
  readonly dataset: string | null;
  /** Epochs that are done, and those that it was to have. */
  readonly epochs: number;
  readonly wanted: number | null;
  /** The best accuracy on test images. */
  readonly accuracy: number | null;
  /** The least loss on test images; that of training where it was not tested. */
  readonly loss: number | null;
  /** When it ended, or began where it has not ended: ISO 8601. */
  readonly when: string | null;
}

/** The best of values by name; null if none of the points has one. */
function best(
  points: readonly CurvePoint[],
  name: string,
  pick: (...values: number[]) => number,
): number | null {
  const values = points.map((point) => point[name]).filter((value) => typeof value === "number");
  return values.length === 0 ? null : values.reduce((a, b) => pick(a, b));
}

/** Reads a part of a run; where it is damaged `faults` gets the message, and null is returned, as where it is missing. */
async function attempt<T>(read: () => Promise<T>, faults: string[], mayMiss: boolean): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (!(mayMiss && isNotFound(error))) faults.push(error.message);
    return null;
  }
}

const textIn = (config: Readonly<Record<string, unknown>> | null, name: string): string | null => {
  const value = config?.[name];
  return typeof value === "string" ? value : null;
};

/** The run in `path`, which has files of one. */
async function readRun(path: string): Promise<ListedRun> {
  const faults: string[] = [];
  const config = await attempt(() => readConfig(path), faults, false);
  const manifest = await attempt(() => readManifest(path), faults, true);
  const points = await attempt(() => readCurve(path), faults, true) ?? [];
  const ended = points.filter((point) => !("step" in point)), epochs = ended.at(-1)?.["epoch"] ?? 0;
  const wanted = typeof config?.["epochs"] === "number" ? config["epochs"] : null;
  const status = (): RunStatus => {
    if (faults.length > 0) return "damaged";
    if (manifest !== null) return manifest.status === "running" ? "interrupted" : manifest.status;
    return wanted !== null && epochs >= wanted ? "finished" : "interrupted";
  };
  const changed = await runtimeFiles().status(join(path, CONFIG_FILE)).then(
    ({ modified }) => modified,
    () => null,
  );
  return {
    name: basename(path),
    path,
    status: await isBeingWritten(path) ? "running" : status(),
    fault: faults[0] ?? null,
    model: textIn(config, "model"),
    dataset: textIn(config, "dataset"),
    epochs,
    wanted,
    accuracy: best(ended, "accuracy", Math.max),
    loss: best(ended, "testLoss", Math.min) ?? best(ended, "loss", Math.min),
    when: manifest?.ended ?? manifest?.started ?? changed?.toISOString() ?? null,
  };
}

/**
 * The runs in `folder`, or the one that it is, by name; other folders and files are passed over.
 *
 * @throws {Deno.errors.NotFound} If there is no such folder.
 */
export async function listRuns(folder: string): Promise<ListedRun[]> {
  const place = resolve(folder);
  if ((await filesOfRun(place)).includes(CONFIG_FILE)) return [{ ...await readRun(place), path: folder }];
  const runs: ListedRun[] = [];
  for (const { name } of await runtimeFiles().list(folder)) {
    const path = join(folder, name), info = await runtimeFiles().status(path).catch(() => null);
    if (info?.kind === "a folder" && (await filesOfRun(path)).length > 0) runs.push(await readRun(path));
  }
  return runs.sort((a, b) => a.name < b.name ? -1 : 1);
}

/** Orders of a list. */
export const ORDERS = ["when", "name", "accuracy", "loss"] as const;

/** Sorts runs: by name, the best ones first, or the latest ones first; those without the value come last. */
export function sortRuns(runs: readonly ListedRun[], order: typeof ORDERS[number]): ListedRun[] {
  if (order === "name") return [...runs];
  const sign = order === "loss" ? 1 : -1;
  return [...runs].sort((a, b) => {
    const [x, y] = [a[order], b[order]];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return x === y ? 0 : x < y ? -sign : sign;
  });
}
