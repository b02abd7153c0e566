/** What a run saved, ready for use. */
import { dirname } from "@std/path";
import {
  Compose,
  type Device,
  type Image,
  MODEL_FILE,
  type Module,
  type NdArray,
  Normalize,
  readConfig,
  ToTensor,
  type Transform,
} from "@troodon/troodon";
import { loadWeights } from "./checkpoint.ts";
import { createModel, MODEL_NAMES, type ModelName } from "./create_model.ts";
import { DATASET_NAMES, type DatasetName, type Normalization } from "./image_data.ts";

/** The part of `config.json` that is needed to use the model. */
export interface SavedConfig {
  readonly model: ModelName;
  readonly dataset: DatasetName;
  readonly data: string | null;
  readonly classes: readonly string[];
  readonly normalization: Normalization;
}

/** From bytes to what the networks take. */
export function transformOf({ mean, std }: Normalization): Transform<Image, NdArray<Float32Array>> {
  return new Compose([new ToTensor(), new Normalize([mean], [std])]);
}

/**
 * The configuration of the run in `path`.
 *
 * @throws {TypeError} If it lacks something that is needed.
 */
export async function readSavedConfig(path: string): Promise<SavedConfig> {
  await requireFolder(path);
  const config = await readConfig(path);
  const fail = (wanted: string): never => {
    throw new TypeError(`Cannot use the run ${path} as its config.json must have ${wanted}`);
  };
  const model = MODEL_NAMES.find((name) => name === config["model"]);
  const dataset = DATASET_NAMES.find((name) => name === config["dataset"]);
  const { classes, normalization, data = null } = config;
  if (!Array.isArray(classes) || classes.length === 0 || !classes.every((name) => typeof name === "string")) {
    return fail('"classes", an array of names');
  }
  const { mean, std } = (normalization ?? {}) as Readonly<Record<string, unknown>>;
  // JSON has 1e999, which is infinite.
  if (!Number.isFinite(mean) || !(Number.isFinite(std) && Number(std) > 0)) {
    return fail('"normalization", a finite mean and a finite std above 0');
  }
  if (data !== null && typeof data !== "string") return fail('"data", a path or null');
  return {
    model: model ?? fail(`"model", one of ${MODEL_NAMES.join(", ")}`),
    dataset: dataset ?? fail(`"dataset", one of ${DATASET_NAMES.join(", ")}`),
    data,
    classes,
    normalization: { mean: Number(mean), std: Number(std) },
  };
}

/** Refuses a path where there is no folder, and names those beside it. */
async function requireFolder(path: string): Promise<void> {
  try {
    if ((await Deno.stat(path)).isDirectory) return;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const beside: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(dirname(path))) if (isDirectory) beside.push(name);
  } catch {
    // There is no such folder either.
  }
  throw new Deno.errors.NotFound(
    `Cannot use the run ${path} as there is no such folder: ${
      beside.length > 0 ? `${dirname(path)} has ${beside.sort().join(", ")}` : "deno task train makes one"
    }`,
  );
}

/** The trained model of the run in `path`, with the weights of one of its files. */
export async function loadSavedModel(
  path: string,
  config: SavedConfig,
  device: Device,
  file: string = MODEL_FILE,
): Promise<Module> {
  const model = createModel(config.model, { classes: config.classes.length });
  await loadWeights(path, file, model, device);
  return model.eval();
}
