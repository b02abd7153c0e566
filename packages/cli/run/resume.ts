/** Finds the folder of a run, which begins anew or resumes another one. */
import { dirname, join } from "@std/path";
import { fileErrors, isNotFound, runtimeHost } from "@troodon/io";
import {
  filesOfRun,
  loadLastState,
  loadTrainingState,
  type ModelCheckpointOptions,
  type RunConfig,
  RunFolder,
  STATE_FILE,
  type TrainingState,
} from "@troodon/troodon";
import { scaleRates } from "../network/change_rate.ts";
import { UsageError } from "../flags/options.ts";
import { checkSameRun } from "./same_run.ts";

/** The flags that say where a run is written. */
export interface PlaceOptions {
  readonly out: string | undefined;
  /** The state to go on from; empty for that in the folder. */
  readonly resume: string | undefined;
  /** Replaces a run that is in the folder. */
  readonly force: boolean;
}

/** Place of a run. */
export interface RunPlace {
  /** Its folder. */
  readonly path: string;
  /** The state from which to go on; null for a new run. */
  readonly resume: { readonly file: string; readonly state: TrainingState } | null;
  /** Replaces what is in the folder by a new run. */
  readonly replaces: boolean;
}

/**
 * Finds the folder of a run, and the state that is there if `--resume` is given. A state that is named must be there
 * and is gone on with in its folder; without a name the run begins anew where there is none, and no model either.
 *
 * @param usual The folder if none was asked for.
 * @throws {UsageError} If the state that is named lies in another folder than `out`, or flags contradict each other.
 * @throws {Deno.errors.AlreadyExists} If a run is there that is neither to go on nor to be replaced.
 */
export async function findRun({ resume, out, force }: PlaceOptions, usual: string): Promise<RunPlace> {
  if (resume !== undefined && force) throw new UsageError("--force does not go with --resume");
  if (resume !== undefined && resume !== "") {
    if (out !== undefined) {
      throw new UsageError("--out does not go with --resume FILE: the run goes on in the folder of the file");
    }
    const state = await loadTrainingState(resume).catch((error) => {
      if (!isNotFound(error)) throw error;
      throw new (fileErrors().NotFound)(`Cannot go on from ${resume} as it is not there`);
    });
    return { path: dirname(resume), resume: { file: resume, state }, replaces: false };
  }
  const path = out ?? usual, found = await filesOfRun(path);
  if (resume === undefined) {
    if (found.length > 0 && !force) {
      throw new (fileErrors().AlreadyExists)(
        `Cannot begin a run in ${path} as another one is in it: ${found.join(", ")}. ` +
          "--resume goes on with that one, --force replaces it, --out DIR leaves it alone",
      );
    }
    return { path, resume: null, replaces: force };
  }
  const last = await loadLastState(path);
  if (last !== null) {
    for (const { error } of last.damaged) console.error(error.message);
    if (last.damaged.length > 0) console.error(`The last good state of ${path} is ${last.name}`);
    const { name, state } = last;
    return { path, resume: { file: join(path, name), state }, replaces: false };
  }
  if (found.includes("model.safetensors")) {
    throw new (fileErrors().NotFound)(
      `Cannot go on with ${path} as it must have ${STATE_FILE}: it has ${found.join(", ")}. ` +
        "--force in place of --resume begins anew, and loses these",
    );
  }
  console.error(`No ${STATE_FILE} in ${path}: beginning anew`);
  return { path, resume: null, replaces: true };
}

/** Asks whoever sits before a terminal for the permission to write `path`, where the task has none. */
async function requireWritable(path: string): Promise<void> {
  if (await runtimeHost().mayWrite(path)) return;
  throw new (fileErrors().PermissionDenied)(
    `Cannot write the run ${path} as it must be in a folder that the task may write, such as runs: ` +
      `"deno run --allow-write=${path},data" with the other flags of the task in deno.json may write there`,
  );
}

const configOf = ({ notes }: TrainingState): RunConfig => (notes?.["config"] ?? {}) as RunConfig;

/** The learning rate in a configuration; undefined if there is none. */
function rateOf({ optimizer }: RunConfig): number | undefined {
  const { lr } = (optimizer ?? {}) as Readonly<Record<string, unknown>>;
  return typeof lr === "number" ? lr : undefined;
}

/** The learning rate that a run is to have: `given`, or that of the run that goes on. */
export function rateFor({ resume }: RunPlace, given: number | undefined): number | undefined {
  return given ?? (resume ? rateOf(configOf(resume.state)) : undefined);
}

/** The folder of a run, and the state from which it goes on, with the learning rates that it is to have. */
export interface OpenedRun {
  readonly run: RunFolder;
  readonly state: TrainingState | null;
}

/**
 * Opens the folder of a run that is to begin anew or to go on; says where it goes on, and what differs then.
 *
 * @param checkpoint How its states and models are kept.
 * @returns Null if the state has all `epochs` behind it.
 * @throws {Deno.errors.PermissionDenied} If the folder may not be written.
 * @throws {RangeError} If the state is of another run than `config` describes.
 */
export async function openRun(
  { path, resume, replaces }: RunPlace,
  config: RunConfig,
  epochs: number,
  checkpoint: ModelCheckpointOptions = {},
): Promise<OpenedRun | null> {
  await requireWritable(path);
  if (resume === null) {
    const replaced = await filesOfRun(path);
    const run = await RunFolder.create(path, config, { ...checkpoint, force: replaces });
    if (replaced.length > 0) console.error(`Replaced the run that was in ${path}`);
    return { run, state: null };
  }
  const { file, state } = resume, { epoch, step } = state.position, of = configOf(state);
  checkSameRun(file, of, config);
  if (epoch > epochs) {
    console.log(`All ${epoch - 1} epochs of ${path} are done: more --epochs go on`);
    return null;
  }
  const before = rateOf(of), now = rateOf(config);
  if (before === 0 && now !== 0 && state.scheduler !== null) {
    throw new RangeError(
      `Cannot go on from ${file} with --lr ${now} as it must not be 0 before: steps of 0 are 0`,
    );
  }
  const run = await RunFolder.resume(path, config, state, checkpoint);
  const changes = [
    ...before === now ? [] : [`--lr ${now} where the run had ${before}`],
    ...of["epochs"] === epochs ? [] : [`--epochs ${epochs} where the run had ${of["epochs"]}`],
  ];
  const line = `Going on from ${file} after step ${step}, in epoch ${epoch}`;
  console.log(changes.length === 0 ? line : `${line}, with ${changes.join(" and ")}`);
  const factor = now !== undefined && before ? now / before : 1;
  return { run, state: factor === 1 ? state : scaleRates(state, factor) };
}
