/** The folder of a training run. */
import { join } from "@std/path";
import type { Device } from "@troodon/core";
import type { Module } from "@troodon/nn";
import { loadSafetensors, saveSafetensors } from "@troodon/serialization";

/** A line of `metrics.jsonl`. */
export type Metrics = Readonly<Record<string, number>>;

const CONFIG = "config.json", METRICS = "metrics.jsonl", MODEL = "model.safetensors";

/** Writes the folder of a run: `config.json`, `metrics.jsonl`, `model.safetensors`. */
export class RunFolder implements Disposable {
  /** Where it is. */
  readonly path: string;
  readonly #metrics: Deno.FsFile;

  private constructor(path: string, metrics: Deno.FsFile) {
    this.path = path;
    this.#metrics = metrics;
  }

  /** Makes the folder, or takes the place of a run that was there. */
  static async create(path: string, config: Readonly<Record<string, unknown>>): Promise<RunFolder> {
    await Deno.mkdir(path, { recursive: true });
    // A model of the run before would not be the one that the new configuration describes.
    await Deno.remove(join(path, MODEL)).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
    await Deno.writeTextFile(join(path, CONFIG), `${JSON.stringify(config, null, 2)}\n`);
    return new RunFolder(path, await Deno.create(join(path, METRICS)));
  }

  /** Adds a line to `metrics.jsonl`. */
  log(metrics: Metrics): void {
    const bytes = new TextEncoder().encode(`${JSON.stringify(metrics)}\n`);
    for (let at = 0; at < bytes.length;) at += this.#metrics.writeSync(bytes.subarray(at));
  }

  /** Writes the model's state, in the place of the last one. */
  async saveModel(model: Module, metadata: Readonly<Record<string, string>> = {}): Promise<void> {
    await saveSafetensors(join(this.path, MODEL), model.stateDict(), { metadata });
  }

  /** Closes its files. */
  [Symbol.dispose](): void {
    this.#metrics.close();
  }
}

/**
 * The configuration of a run.
 *
 * @throws {Deno.errors.NotFound} If the folder is none of a run.
 * @throws {SyntaxError} If the configuration is damaged.
 */
export async function readConfig(path: string): Promise<Readonly<Record<string, unknown>>> {
  const file = join(path, CONFIG);
  const text = await Deno.readTextFile(file).catch((error) => {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      throw new Deno.errors.NotFound(`Cannot open the run ${path} as it has no ${CONFIG}`);
    }
    throw error;
  });
  try {
    const config: unknown = JSON.parse(text);
    if (typeof config === "object" && config !== null && !Array.isArray(config)) {
      return config as Record<string, unknown>;
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
 */
export async function loadModel(path: string, model: Module, device: Device): Promise<void> {
  const file = join(path, MODEL);
  try {
    const { tensors } = await loadSafetensors(file, { device });
    model.loadStateDict(tensors);
    for (const tensor of tensors.values()) tensor.dispose();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Deno.errors.NotFound(`Cannot load ${file} as it is not there: a run saves it after each epoch`);
  }
}
