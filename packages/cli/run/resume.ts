/** Finds the folder of a new or resumed run. */
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

/** Flags for the folder of a run. */
export interface PlaceOptions {
  readonly out: string | undefined;
  /** State to resume from; empty for the state in the folder. */
  readonly resume: string | undefined;
  /** True to replace an existing run in the folder. */
  readonly force: boolean;
}

/** Folder of a run, and how it starts. */
export interface RunPlace {
  /** Path of the folder. */
  readonly path: string;
  /** State to resume from; null for a new run. */
  readonly resume: { readonly file: string; readonly state: TrainingState } | null;
  /** True if a new run replaces the contents of the folder. */
  readonly replaces: boolean;
}

/**
 * Finds the folder of a run, and the state in it if `--resume` is given. A named state must exist, and its run
 * continues in its folder. Without a name, a new run starts if there is neither a state nor a model.
 *
 * @param usual Folder used if none was given.
 * @throws {UsageError} If the named state is not in `out`, or flags contradict each other.
 * @throws {Deno.errors.AlreadyExists} If the folder has a run that is neither resumed nor replaced.
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

/** Asks the user at a terminal for permission to write `path`, if the task lacks it. */
async function requireWritable(path: string): Promise<void> {
  if (await runtimeHost().mayWrite(path)) return;
  throw new (fileErrors().PermissionDenied)(
    `Cannot write the run ${path} as it must be in a folder that the task may write, such as runs: ` +
      `"deno run --allow-write=${path},data" with the other flags of the task in deno.json may write there`,
  );
}

const configOf = ({ notes }: TrainingState): RunConfig => (notes?.["config"] ?? {}) as RunConfig;

/** Learning rate in a configuration; undefined if there is none. */
function rateOf({ optimizer }: RunConfig): number | undefined {
  const { lr } = (optimizer ?? {}) as Readonly<Record<string, unknown>>;
  return typeof lr === "number" ? lr : undefined;
}

/** Learning rate of a run: `given`, or that of the resumed run. */
export function rateFor({ resume }: RunPlace, given: number | undefined): number | undefined {
  return given ?? (resume ? rateOf(configOf(resume.state)) : undefined);
}

/** Folder of a run, and the state to resume from with the learning rates of the new run. */
export interface OpenedRun {
  readonly run: RunFolder;
  readonly state: TrainingState | null;
}

/**
 * Opens the folder of a new or resumed run; prints where it resumes, and which settings changed.
 *
 * @param checkpoint Options for saving states and models.
 * @returns Null if the state has completed all `epochs`.
 * @throws {Deno.errors.PermissionDenied} If the folder cannot be written.
 * @throws {RangeError} If the state belongs to a run with another `config`.
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
