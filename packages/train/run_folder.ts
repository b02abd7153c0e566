/** The folder of a training run. */
import { join } from "@std/path";
import type { Device } from "@troodon/core";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { DRAFT_ENDING, requireFile, writeAtomically } from "@troodon/io";
import type { NdArray } from "@troodon/datasets";
import type { Module } from "@troodon/nn";
import { loadSafetensors } from "@troodon/serialization";
import { copiesOf, matchesDigest, saveDigested, textOf } from "./digested_file.ts";
import { isFiniteArray } from "./finite.ts";
import type { EpochEvent, FitObserver, LogEvent, StateEvent, ValidationEvent } from "./observer.ts";
import { RunLock } from "./run_lock.ts";
import type { TrainingState } from "./training_state.ts";
import { saveTrainingState } from "./training_state_file.ts";

/** A line of `metrics.jsonl`. */
export type Metrics = Readonly<Record<string, number>>;

/** A configuration, as JSON-able data. */
export type RunConfig = Readonly<Record<string, unknown>>;

/** Options of {@linkcode RunFolder.create}. */
export interface CreateRunOptions {
  /** Replaces a run that is in the folder, and loses its files (default false). */
  readonly force?: boolean;
}
const CREATE_RUN_OPTIONS: OptionKeys<CreateRunOptions> = { force: true };

const CONFIG = "config.json", METRICS = "metrics.jsonl", MODEL = "model.safetensors";
/** The file in the folder of a run from which it can go on: see {@linkcode RunFolder.saveState}. */
export const STATE_FILE = "state.safetensors";
/** The files of a run. */
const FILES = [CONFIG, METRICS, MODEL, STATE_FILE] as const;
const isDraft = (name: string): boolean => {
  const ending = name.match(DRAFT_ENDING)?.[0];
  return ending !== undefined && [CONFIG, MODEL, STATE_FILE].includes(name.slice(0, -ending.length));
};

/**
 * Writes the folder of a run: `config.json`, `metrics.jsonl`, `model.safetensors`, `state.safetensors`. As an observer of
 * {@linkcode fit} it writes logged losses, epochs with their scores, the model of each validation and each state. A run that
 * is there is kept unless the caller says otherwise, and while one object writes the folder no other one can, in any process.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tape } from "@troodon/autograd";
 * import { Device, ones, ReferenceBackend, setDefaultDevice } from "@troodon/core";
 * import { Linear, MSELoss } from "@troodon/nn";
 * import { SGD } from "@troodon/optim";
 * import { fit, RunFolder } from "@troodon/train";
 *
 * setDefaultDevice(new Device(new ReferenceBackend(), { tape }));
 * const path = await Deno.makeTempDir();
 * const model = new Linear(1, 1), optimizer = new SGD(model.parameters());
 * {
 *   using run = await RunFolder.create(path, { lr: 0.001 });
 *   await fit(model, [[ones([4, 1]), ones([4, 1])]], { optimizer, loss: new MSELoss(), observers: [run] });
 * }
 * const names = [...Deno.readDirSync(path)].map(({ name }) => name);
 * assertEquals(names.sort(), ["config.json", "metrics.jsonl", "model.safetensors", "state.safetensors"]);
 * await Deno.remove(path, { recursive: true });
 * ```
 */
export class RunFolder implements FitObserver, Disposable {
  /** Where it is. */
  readonly path: string;
  readonly #config: RunConfig;
  readonly #file: Deno.FsFile;
  readonly #lock: RunLock;
  #metrics = "";

  private constructor(path: string, config: RunConfig, file: Deno.FsFile, lock: RunLock) {
    this.path = path;
    this.#config = config;
    this.#file = file;
    this.#lock = lock;
  }

  /**
   * Makes the folder of a new run.
   *
   * @throws {Deno.errors.AlreadyExists} If files of a run are in it, unless the option `force` is true; none of them changes.
   * @throws {Deno.errors.Busy} If somebody else writes the run in it.
   */
  static async create(
    path: string,
    config: RunConfig,
    options?: CreateRunOptions,
  ): Promise<RunFolder> {
    const { force = false } = readOptions("RunFolder.create()", options, CREATE_RUN_OPTIONS);
    await Deno.mkdir(path, { recursive: true });
    return await RunFolder.#open(path, config, async () => {
      const found = await filesOfRun(path);
      if (found.length > 0 && !force) {
        throw new Deno.errors.AlreadyExists(
          `Cannot begin a run in ${path} as it must hold no other: it has ${found.join(", ")}. ` +
            "{ force: true } replaces that one, RunFolder.resume() goes on with it",
        );
      }
      // Those of the run before would not be what the new configuration describes.
      for (const name of found) await Deno.remove(join(path, name));
    });
  }

  /**
   * Goes on with the run in `path` from `state`, which {@linkcode RunFolder.saveState} wrote: `metrics.jsonl` has again
   * what it had then.
   *
   * @param config May differ from that of the state, say in the number of epochs.
   * @throws {Deno.errors.Busy} If somebody else writes the run.
   */
  static async resume(path: string, config: RunConfig, state: TrainingState): Promise<RunFolder> {
    const folder = await RunFolder.#open(path, config);
    folder.#write(String(state.notes?.["metrics"] ?? ""));
    return folder;
  }

  static async #open(path: string, config: RunConfig, prepare?: () => Promise<void>): Promise<RunFolder> {
    using stack = new DisposableStack();
    const lock = stack.use(await RunLock.take(path));
    await prepare?.();
    for await (const { name } of Deno.readDir(path)) {
      if (isDraft(name)) await Deno.remove(join(path, name));
    }
    const text = new TextEncoder().encode(`${JSON.stringify(config, null, 2)}\n`);
    await writeAtomically(join(path, CONFIG), text);
    const metrics = join(path, METRICS);
    await requireFile(metrics).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
    const folder = new RunFolder(path, config, await Deno.create(metrics), lock);
    stack.move();
    return folder;
  }

  /** Adds a line to `metrics.jsonl`. */
  log(metrics: Metrics): void {
    this.#write(`${JSON.stringify(metrics)}\n`);
  }

  #write(lines: string): void {
    this.#metrics += lines;
    const bytes = new TextEncoder().encode(lines);
    for (let at = 0; at < bytes.length;) at += this.#file.writeSync(bytes.subarray(at));
  }

  /** Writes what the run needs to go on from here, in the place of the last one; its `notes` are `config` and `metrics`. */
  async saveState(state: TrainingState): Promise<void> {
    const notes = { config: this.#config, metrics: this.#metrics };
    await saveTrainingState(join(this.path, STATE_FILE), { ...state, notes });
  }

  /**
   * Writes the model's state and its digest, in the place of the last one.
   *
   * @throws {RangeError} If a parameter that is trained is not finite; the last one stays.
   */
  async saveModel(model: Module, metadata: Readonly<Record<string, string>> = {}): Promise<void> {
    const file = join(this.path, MODEL), copies = await copiesOf(model.stateDict());
    for (const [name, { requiresGrad }] of model.namedParameters()) {
      if (requiresGrad) requireFinite("save", file, name, copies);
    }
    await saveDigested(file, copies, metadata, textOf(metadata));
  }

  /** Adds a logged loss to `metrics.jsonl`. */
  onLog({ step, epoch, loss }: LogEvent): void {
    this.log({ step, epoch, loss });
  }

  /** Writes the model that was validated. */
  async onValidation({ model, epoch }: ValidationEvent): Promise<void> {
    await this.saveModel(model, { epoch: String(epoch) });
  }

  /** Adds an epoch to `metrics.jsonl`. */
  onEpoch({ epoch, seconds, loss, scores }: EpochEvent): void {
    this.log({ epoch, seconds, loss, ...scores });
  }

  /** Writes the state of the run. */
  async onState({ state }: StateEvent): Promise<void> {
    await this.saveState(state);
  }

  /** Closes its files, and lets others write the run. */
  [Symbol.dispose](): void {
    this.#file.close();
    this.#lock[Symbol.dispose]();
  }
}

/** The names of the files of a run that are in `path`: none if there is no run. */
export async function filesOfRun(path: string): Promise<string[]> {
  const names = new Set<string>();
  try {
    for await (const { name } of Deno.readDir(path)) names.add(name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return FILES.filter((name) => names.has(name));
}

function requireFinite(verb: string, file: string, name: string, copies: ReadonlyMap<string, NdArray>): void {
  const copy = copies.get(name);
  if (copy === undefined || isFiniteArray(copy)) return;
  throw new RangeError(
    `Cannot ${verb} ${file} as its parameters must be finite: ${name} has elements that are NaN or infinite`,
  );
}

/**
 * The configuration of a run.
 *
 * @throws {Deno.errors.NotFound} If the folder is none of a run.
 * @throws {SyntaxError} If the configuration is damaged.
 */
export async function readConfig(path: string): Promise<RunConfig> {
  const file = join(path, CONFIG);
  const text = await requireFile(file).then(() => Deno.readTextFile(file)).catch((error) => {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      throw new Deno.errors.NotFound(`Cannot open the run ${path} as it has no ${CONFIG}`);
    }
    throw error;
  });
  try {
    const config: unknown = JSON.parse(text);
    if (typeof config === "object" && config !== null && !Array.isArray(config)) {
      return config as RunConfig;
    }
  } catch {
    // The same error as for JSON that is no object.
  }
  throw new SyntaxError(`Cannot read ${file} as it must hold a JSON object`);
}

/**
 * Loads the state that a run saved into `model`.
 *
 * @throws {Deno.errors.NotFound} If the run saved none, as it was ended before its first epoch was.
 * @throws {RangeError} If the file is damaged, of another model, or has parameters that are not finite; likewise a
 * SyntaxError or TypeError. All name the file.
 */
export async function loadModel(path: string, model: Module, device: Device): Promise<void> {
  const file = join(path, MODEL);
  try {
    const { tensors, metadata } = await loadSafetensors(file, { device });
    try {
      const copies = await copiesOf(tensors);
      if (await matchesDigest(copies, metadata, textOf(metadata)) === false) {
        throw new TypeError(`Cannot load ${file} as it is damaged: its SHA-256 must be the one in it`);
      }
      for (const [name] of model.namedParameters()) requireFinite("load", file, name, copies);
      model.loadStateDict(tensors);
    } finally {
      for (const tensor of tensors.values()) tensor.dispose();
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new Deno.errors.NotFound(
        `Cannot load ${file} as it is not there: a run saves it after each epoch`,
      );
    }
    if (error instanceof Error && !error.message.includes(file)) error.message += ` (in ${file})`;
    throw error;
  }
}
