/** The files in the folder of a run. */
import { DRAFT_ENDING, fileErrors, isNotFound, joinPath, requireFile, runtimeFiles } from "@troodon/io";
import { BEST_FILE, MODEL_FILE } from "./checkpoints/model_files.ts";
import { isEarlierState, STATE_FILE } from "./checkpoints/state_files.ts";

/** A configuration, as JSON-able data. */
export type RunConfig = Readonly<Record<string, unknown>>;

/** The file in the folder of a run with its configuration. */
export const CONFIG_FILE = "config.json";
/** The file in the folder of a run with a line for each loss and each epoch. */
export const METRICS_FILE = "metrics.jsonl";
/** The file in the folder of a run that says with what it was made, where a program writes one. */
export const MANIFEST_FILE = "manifest.json";

/** The files of a run, states that a newer one has replaced aside. */
const FILES = [CONFIG_FILE, METRICS_FILE, MODEL_FILE, BEST_FILE, STATE_FILE, MANIFEST_FILE] as const;

const isOfRun = (name: string): boolean => FILES.some((file) => file === name) || isEarlierState(name);

/** Returns true for a file that was being written to the folder of a run when its process was killed. */
export function isDraftOfRun(name: string): boolean {
  const ending = name.match(DRAFT_ENDING)?.[0];
  return ending !== undefined && isOfRun(name.slice(0, -ending.length));
}

/** The names of the files of a run that are in `path`: none if there is no run. */
export async function filesOfRun(path: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for (const { name } of await runtimeFiles().list(path)) if (isOfRun(name)) names.push(name);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  const place = (name: string): number => (FILES.findIndex((file) => file === name) + 1) || FILES.length + 1;
  return names.sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
}

/**
 * The configuration of a run.
 *
 * @throws {Deno.errors.NotFound} If the folder is none of a run.
 * @throws {SyntaxError} If the configuration is damaged.
 */
export async function readConfig(path: string): Promise<RunConfig> {
  const file = joinPath(path, CONFIG_FILE);
  const text = await requireFile(file).then(() => runtimeFiles().read(file)).then((bytes) =>
    new TextDecoder().decode(bytes)
  ).catch((error) => {
    if (isNotFound(error) || error instanceof fileErrors().NotADirectory) {
      throw new (fileErrors().NotFound)(`Cannot open the run ${path} as it has no ${CONFIG_FILE}`);
    }
    throw error;
  });
  try {
    const config: unknown = JSON.parse(text);
    if (typeof config === "object" && config !== null && !Array.isArray(config)) {
      return config as RunConfig;
    }
  } catch {
    // Reported like JSON that is no object.
  }
  throw new SyntaxError(`Cannot read ${file} as it must hold a JSON object`);
}
