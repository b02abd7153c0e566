import { joinPath } from "@troodon/io";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import type { NdArray } from "@troodon/datasets";
import type { Module } from "@troodon/nn";
import { readMetadata } from "../digested_file.ts";
import type { FitObserver, StartEvent, StateEvent, ValidationEvent } from "../observer.ts";
import type { TrainingState } from "../training_state.ts";
import { DiskWriter, type FullDiskOptions } from "./disk_writer.ts";
import { BEST_FILE, finiteCopies, MODEL_FILE, writeModel } from "./model_files.ts";
import { STATE_FILE, StateFiles } from "./state_files.ts";

/** Options of {@linkcode ModelCheckpoint}. */
export interface ModelCheckpointOptions extends FullDiskOptions {
  /** The number of states to keep, the newest included; 1 by default. */
  readonly keep?: number;
  /**
   * The score of a validation by which the best model is kept in `best.safetensors`; `"loss"` stands for that of training
   * where the scores have none. None is kept by default.
   */
  readonly monitor?: string;
  /** The direction of improvement; by default `"min"` for names of losses and errors, such as `loss` or `mae`, else `"max"`. */
  readonly mode?: "min" | "max";
}
/** The keys of {@linkcode ModelCheckpointOptions}. */
export const MODEL_CHECKPOINT_OPTIONS: OptionKeys<ModelCheckpointOptions> = {
  keep: true,
  monitor: true,
  mode: true,
  onFullDisk: true,
  log: true,
};

/** Names of scores that are better the lower they are. */
const LOWER = /loss|error|perplexity|^r?m[as]e$/i;

/** The best value of a score so far. */
export interface BestScore {
  /** Its epoch. */
  readonly epoch: number;
  /** The value. */
  readonly value: number;
}

/**
 * Writes what a run has learned to a folder: `model.safetensors`, the model of each validation, `best.safetensors`, the best
 * one so far, and `state.safetensors`, the last state from which the run can go on. With `keep: 3` the two states before
 * that stay as well: `state.epoch-2.step-938.safetensors`. Each file is there whole or not at all, and an old one is removed
 * only when the new one is whole. See {@linkcode loadModel} and {@linkcode loadLastState}.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tape } from "@troodon/autograd";
 * import { Device, ones, ReferenceBackend, setDefaultDevice } from "@troodon/core";
 * import { Linear, MSELoss } from "@troodon/nn";
 * import { SGD } from "@troodon/optim";
 * import { fit, ModelCheckpoint } from "@troodon/train";
 *
 * setDefaultDevice(new Device(new ReferenceBackend(), { tape }));
 * const path = await Deno.makeTempDir();
 * const model = new Linear(1, 1), optimizer = new SGD(model.parameters());
 * const checkpoint = new ModelCheckpoint(path, { keep: 2, monitor: "loss" });
 * const observers = [checkpoint];
 * await fit(model, [[ones([4, 1]), ones([4, 1])]], { optimizer, loss: new MSELoss(), epochs: 3, observers });
 * assertEquals([...Deno.readDirSync(path)].map(({ name }) => name).sort(), [
 *   "best.safetensors",
 *   "model.safetensors",
 *   "state.epoch-2.step-2.safetensors",
 *   "state.safetensors",
 * ]);
 * await Deno.remove(path, { recursive: true });
 * ```
 */
export class ModelCheckpoint implements FitObserver {
  /** The folder. */
  readonly path: string;
  readonly #writer: DiskWriter;
  readonly #states: StateFiles;
  readonly #monitor: string | null;
  readonly #sign: 1 | -1;
  #best: BestScore | null = null;

  /**
   * Writes to the folder `path`, which must be there.
   *
   * @throws {RangeError} If `keep` is no positive integer.
   */
  constructor(path: string, options?: ModelCheckpointOptions) {
    const read = readOptions(new.target.name, options, MODEL_CHECKPOINT_OPTIONS);
    const { keep = 1, monitor = null, mode = LOWER.test(monitor ?? "") ? "min" : "max" } = read;
    if (!(Number.isSafeInteger(keep) && keep > 0)) {
      throw new RangeError(
        `Cannot make ModelCheckpoint as keep must be a positive integer: current keep is ${keep}`,
      );
    }
    this.path = path;
    this.#writer = new DiskWriter(read);
    this.#states = new StateFiles(path, keep);
    this.#monitor = monitor;
    this.#sign = mode === "min" ? 1 : -1;
  }

  /** The best score so far; null if there is none. */
  get best(): BestScore | null {
    return this.#best;
  }

  /** The files whose last contents a full disk had no room for. */
  get unsaved(): readonly string[] {
    return this.#writer.unsaved;
  }

  async #readBest(): Promise<void> {
    const { monitor, epoch, value } = await readMetadata(joinPath(this.path, BEST_FILE));
    if (this.#monitor === null || monitor !== this.#monitor || !Number.isFinite(Number(value))) return;
    this.#best = { epoch: Number(epoch), value: Number(value) };
  }

  /** Writes what the run needs to go on from here, in the place of the last state. */
  async saveState(state: TrainingState): Promise<void> {
    await this.#writer.write(STATE_FILE, () => this.#states.save(state));
  }

  /**
   * Writes the model's state and its digest, in the place of the last one.
   *
   * @throws {RangeError} If a parameter that is trained is not finite; the last one stays.
   */
  async saveModel(model: Module, metadata: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.#write(MODEL_FILE, await finiteCopies(joinPath(this.path, MODEL_FILE), model), metadata);
  }

  async #write(
    name: string,
    copies: ReadonlyMap<string, NdArray>,
    metadata: Readonly<Record<string, string>>,
  ): Promise<void> {
    await this.#writer.write(name, () => writeModel(joinPath(this.path, name), copies, metadata));
  }

  /** Keeps the state and the best model of the folder where a run goes on from there. */
  async onStart({ step }: StartEvent): Promise<void> {
    if (step === 0) return;
    await this.#states.goOn(step);
    await this.#readBest();
  }

  /**
   * Writes the model that was validated, and once more as the best one if it is.
   *
   * @throws {TypeError} If the scores do not have the one to monitor.
   */
  async onValidation({ model, epoch, scores, loss }: ValidationEvent): Promise<void> {
    const copies = await finiteCopies(joinPath(this.path, MODEL_FILE), model);
    await this.#write(MODEL_FILE, copies, { epoch: String(epoch) });
    if (this.#monitor === null) return;
    const value = scores[this.#monitor] ?? (this.#monitor === "loss" ? loss : undefined);
    if (value === undefined) {
      throw new TypeError(
        `Cannot keep the best model as the scores must have ${this.#monitor}: current scores are ${
          Object.keys(scores).join(", ") || "none"
        }`,
      );
    }
    if (Number.isNaN(value) || (this.#best !== null && !(this.#sign * (this.#best.value - value) > 0))) {
      return;
    }
    this.#best = { epoch, value };
    const metadata = { epoch: String(epoch), monitor: this.#monitor, value: String(value) };
    await this.#write(BEST_FILE, copies, metadata);
  }

  /** Writes the state, and what a full disk had no room for. */
  async onState({ state }: StateEvent): Promise<void> {
    await this.saveState(state);
    await this.#writer.retry();
  }

  /** Tries once more to write what a full disk had no room for. */
  async onEnd(): Promise<void> {
    await this.#writer.retry();
  }
}
