/** Going on with a run that was ended. */
import { dirname, join } from "@std/path";
import {
  loadTrainingState,
  type RunConfig,
  RunFolder,
  STATE_FILE,
  type TrainingState,
} from "@troodon/troodon";
import { UsageError } from "./options.ts";

/** What may differ from the run that the state is of. */
const FREE: ReadonlySet<string> = new Set(["data", "epochs", "logEvery", "device"]);

/** Where a run is written. */
export interface RunPlace {
  /** Its folder. */
  readonly path: string;
  /** The state from which to go on; null for a new run. */
  readonly resume: { readonly file: string; readonly state: TrainingState } | null;
}

/**
 * Where a run is to be written, and the state that is there if `--resume` is given. A state that is named must be there
 * and is gone on with in its folder; without a name the run begins anew where there is none.
 *
 * @param out The folder that was asked for.
 * @param usual The folder otherwise.
 * @throws {UsageError} If the state that is named lies in another folder than `out`.
 */
export async function findRun(
  { resume, out }: { readonly resume: string | undefined; readonly out: string | undefined },
  usual: string,
): Promise<RunPlace> {
  if (resume === undefined) return { path: out ?? usual, resume: null };
  if (resume !== "" && out !== undefined) {
    throw new UsageError("--out does not go with --resume FILE: the run goes on in the folder of the file");
  }
  const path = resume === "" ? out ?? usual : dirname(resume);
  const file = resume === "" ? join(path, STATE_FILE) : resume;
  try {
    return { path, resume: { file, state: await loadTrainingState(file) } };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    if (resume !== "") throw new Deno.errors.NotFound(`Cannot go on from ${file} as it is not there`);
    console.error(`No ${STATE_FILE} in ${path}: beginning anew`);
    return { path, resume: null };
  }
}

/**
 * Opens the folder of a run that is to begin anew or to go on, and says so where it goes on.
 *
 * @returns The folder; null if the state has all `epochs` behind it.
 * @throws {RangeError} If the state is of another run than `config` describes.
 */
export async function openRun(
  { path, resume }: RunPlace,
  config: RunConfig,
  epochs: number,
): Promise<RunFolder | null> {
  if (resume === null) return await RunFolder.create(path, config);
  const { file, state } = resume, { epoch, step } = state.position;
  checkSameRun(file, state, config);
  if (epoch > epochs) {
    console.log(`All ${epoch - 1} epochs of ${path} are done: more --epochs go on`);
    return null;
  }
  console.log(`Going on from ${file} after step ${step}, in epoch ${epoch}`);
  return await RunFolder.resume(path, config, state);
}

/**
 * Checks that a state is of the run that `config` describes.
 *
 * @throws {RangeError} If it is of another model, recipe, seed or dataset.
 */
function checkSameRun(file: string, state: TrainingState, config: RunConfig): void {
  const of = (state.notes?.["config"] ?? {}) as RunConfig;
  const differing = [...new Set([...Object.keys(config), ...Object.keys(of)])].filter((key) =>
    !FREE.has(key) && shown(config[key]) !== shown(of[key])
  );
  if (differing.length === 0) return;
  throw new RangeError(
    `Cannot go on from ${file} as it must be of the same run: ${
      differing.map((key) => `its ${key} is ${shown(of[key])} and not ${shown(config[key])}`).join(", ")
    }`,
  );
}

/** A value of a configuration without the length of a cycle, which follows from the epochs. */
function shown(value: unknown): string {
  return JSON.stringify(value, (key, part) => key === "totalSteps" ? undefined : part) ?? "missing";
}
