/** The folder of a training run. */
import { disposableStack, type OptionKeys, readOptions } from "@troodon/core/kernel";
import {
  fileErrors,
  isNotFound,
  joinPath,
  requireFile,
  runtimeFiles,
  type WritableFile,
  writeAtomically,
} from "@troodon/io";
import type { Module } from "@troodon/nn";
import { DiskWriter } from "./checkpoints/disk_writer.ts";
import {
  type BestScore,
  MODEL_CHECKPOINT_OPTIONS,
  ModelCheckpoint,
  type ModelCheckpointOptions,
} from "./checkpoints/model_checkpoint.ts";
import type {
  EpochEvent,
  FitObserver,
  LogEvent,
  StartEvent,
  StateEvent,
  ValidationEvent,
} from "./observer.ts";
import { CONFIG_FILE, filesOfRun, isDraftOfRun, METRICS_FILE, type RunConfig } from "./run_files.ts";
import { RunLock } from "./run_lock.ts";
import type { TrainingState } from "./training_state.ts";

/** A line of `metrics.jsonl`. */
export type Metrics = Readonly<Record<string, number>>;

/** Options of {@linkcode RunFolder.create}. */
export interface CreateRunOptions extends ModelCheckpointOptions {
  /** Replaces a run that is in the folder, and loses its files (default false). */
  readonly force?: boolean;
}
const CREATE_RUN_OPTIONS: OptionKeys<CreateRunOptions> = { ...MODEL_CHECKPOINT_OPTIONS, force: true };

/**
 * Writes the folder of a run: `config.json`, `metrics.jsonl`, `model.safetensors`, `state.safetensors`. As an observer of
 * {@linkcode fit} it writes logged losses, epochs with their scores, the model of each validation and each state; models and
 * states as {@linkcode ModelCheckpoint} does, with the same options. A run that is there is kept unless the caller says
 * otherwise, and while one object writes the folder no other one can, in any process.
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
  readonly #file: WritableFile;
  readonly #lock: RunLock;
  readonly #checkpoint: ModelCheckpoint;
  readonly #writer: DiskWriter;
  #optimizer: StartEvent["optimizer"] | null = null;
  #metrics: string;
  /** The last epoch in the metrics that this object has written. */
  #epoch = 0;
  /** The end of the metrics, which a full disk had no room for. */
  #rest: Uint8Array<ArrayBuffer> = new Uint8Array();

  private constructor(
    { path, config, metrics }: { path: string; config: RunConfig; metrics: string },
    file: WritableFile,
    lock: RunLock,
    options: ModelCheckpointOptions,
  ) {
    this.path = path;
    this.#config = config;
    this.#metrics = metrics;
    this.#file = file;
    this.#lock = lock;
    // A full disk is reported once.
    const { log = console.error } = options;
    const unless = (other: () => readonly string[]) => (line: string): void => {
      if (other().length === 0) log?.(line);
    };
    this.#writer = new DiskWriter({ ...options, log: unless(() => this.#checkpoint.unsaved) });
    this.#checkpoint = new ModelCheckpoint(path, { ...options, log: unless(() => this.#writer.unsaved) });
  }

  /**
   * Makes the folder of a new run.
   *
   * @throws {Deno.errors.AlreadyExists} If files of a run are in it, unless the option `force` is true; none of them changes.
   * @throws {Deno.errors.Busy} If somebody else writes the run in it.
   */
  static async create(path: string, config: RunConfig, options?: CreateRunOptions): Promise<RunFolder> {
    const { force = false, ...rest } = readOptions("RunFolder.create()", options, CREATE_RUN_OPTIONS);
    await runtimeFiles().makeFolder(path);
    return await RunFolder.#open({ path, config, metrics: "" }, rest, async () => {
      const found = await filesOfRun(path);
      if (found.length > 0 && !force) {
        throw new (fileErrors().AlreadyExists)(
          `Cannot begin a run in ${path} as it must hold no other: it has ${found.join(", ")}. ` +
            "{ force: true } replaces that one, RunFolder.resume() goes on with it",
        );
      }
      // Those of the run before would not be what the new configuration describes.
      for (const name of found) await runtimeFiles().remove(joinPath(path, name));
    });
  }

  /**
   * Goes on with the run in `path` from `state`, which {@linkcode RunFolder.saveState} wrote: `metrics.jsonl` has again
   * what it had then. See {@linkcode loadLastState}.
   *
   * @param config May differ from that of the state, say in the number of epochs.
   * @throws {Deno.errors.Busy} If somebody else writes the run.
   */
  static async resume(
    path: string,
    config: RunConfig,
    state: TrainingState,
    options?: ModelCheckpointOptions,
  ): Promise<RunFolder> {
    const read = readOptions("RunFolder.resume()", options, MODEL_CHECKPOINT_OPTIONS);
    return await RunFolder.#open({ path, config, metrics: String(state.notes?.["metrics"] ?? "") }, read);
  }

  static async #open(
    contents: { readonly path: string; readonly config: RunConfig; readonly metrics: string },
    options: ModelCheckpointOptions,
    prepare?: () => Promise<void>,
  ): Promise<RunFolder> {
    const { path, config, metrics } = contents;
    using stack = disposableStack();
    const lock = stack.use(await RunLock.take(path));
    await prepare?.();
    for (const { name } of await runtimeFiles().list(path)) {
      if (isDraftOfRun(name)) await runtimeFiles().remove(joinPath(path, name));
    }
    const file = joinPath(path, METRICS_FILE);
    await requireFile(file).catch((error) => {
      if (!isNotFound(error)) throw error;
    });
    const encoder = new TextEncoder();
    await writeAtomically(
      joinPath(path, CONFIG_FILE),
      encoder.encode(`${JSON.stringify(config, null, 2)}\n`),
    );
    await writeAtomically(file, encoder.encode(metrics));
    const opened = stack.use(await runtimeFiles().append(file));
    const folder = new RunFolder(contents, opened, lock, options);
    stack.move();
    return folder;
  }

  /** The best score so far, where the option `monitor` names one; null if there is none. */
  get best(): BestScore | null {
    return this.#checkpoint.best;
  }

  /** The files whose last contents a full disk had no room for. */
  get unsaved(): readonly string[] {
    return [...this.#writer.unsaved, ...this.#checkpoint.unsaved];
  }

  /** Adds a line to `metrics.jsonl`. */
  log(metrics: Metrics): void {
    const line = `${JSON.stringify(metrics)}\n`;
    this.#metrics += line;
    const bytes = new TextEncoder().encode(line), rest = new Uint8Array(this.#rest.length + bytes.length);
    rest.set(this.#rest);
    rest.set(bytes, this.#rest.length);
    this.#rest = rest;
    this.#writer.writeSync(METRICS_FILE, () => this.#writeRest());
  }

  /** Writes whole lines or none. */
  #writeRest(): void {
    this.#file.writeSync(this.#rest);
    this.#rest = new Uint8Array();
  }

  /** Writes what the run needs to go on from here, in the place of the last one; its `notes` are `config` and `metrics`. */
  async saveState(state: TrainingState): Promise<void> {
    await this.#checkpoint.saveState(this.#noted(state));
  }

  #noted(state: TrainingState): TrainingState {
    return { ...state, notes: { config: this.#config, metrics: this.#metrics } };
  }

  /** See {@linkcode ModelCheckpoint.saveModel}. */
  async saveModel(model: Module, metadata: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.#checkpoint.saveModel(model, metadata);
  }

  /** See {@linkcode ModelCheckpoint.onStart}. */
  async onStart(event: StartEvent): Promise<void> {
    this.#optimizer = event.optimizer;
    await this.#checkpoint.onStart(event);
  }

  /** Current learning rate of the first group. */
  get #rate(): { readonly lr?: number } {
    const [group] = this.#optimizer?.paramGroups ?? [];
    return group === undefined ? {} : { lr: group.lr };
  }

  /** Adds a logged loss, with the learning rate, to `metrics.jsonl`. */
  onLog({ step, epoch, loss }: LogEvent): void {
    this.log({ step, epoch, ...this.#rate, loss });
  }

  /** Writes the model that was validated. */
  async onValidation(event: ValidationEvent): Promise<void> {
    await this.#checkpoint.onValidation(event);
  }

  /** Adds an epoch to `metrics.jsonl`; one that is told again, as the device was lost, is there already. */
  onEpoch({ epoch, seconds, loss, scores }: EpochEvent): void {
    if (epoch === this.#epoch) return;
    this.#epoch = epoch;
    this.log({ epoch, seconds, ...this.#rate, loss, ...scores });
  }

  /** Writes the state of the run. */
  async onState({ state }: StateEvent): Promise<void> {
    await this.#checkpoint.onState({ state: this.#noted(state) });
    await this.#writer.retry();
    await this.#file.sync();
  }

  /** Tries once more to write what a full disk had no room for. */
  async onEnd(): Promise<void> {
    await this.#writer.retry();
    await this.#file.sync();
    await this.#checkpoint.onEnd();
  }

  /** Closes its files, and lets others write the run. */
  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
    this.#lock[Symbol.dispose]();
  }
}
