/** Saved runs, ready for use. */
import { dirname } from "@std/path";
import { fileErrors, isNotFound, runtimeFiles } from "@troodon/io";
import { type Device, type DigitDifficulty, MODEL_FILE, type Module, readConfig } from "@troodon/troodon";
import { commandName } from "../flags/command_name.ts";
import { loadWeights } from "./checkpoint.ts";
import { createModel, modelNames } from "../network/create_model.ts";
import { DATASET_NAMES, type DatasetName } from "../images/image_data.ts";
import { type ImageShape, MNIST_SHAPE } from "../images/image_shape.ts";
import type { ByChannel, Normalization } from "../images/normalization.ts";

/** Part of `config.json` that is needed to use the model. */
export interface SavedConfig {
  readonly model: string;
  readonly dataset: DatasetName;
  readonly data: string | null;
  /** Difficulty of the digits, if they are generated. */
  readonly difficulty: DigitDifficulty;
  readonly classes: readonly string[];
  readonly normalization: Normalization;
  /** True if black and white were inverted in the training images. */
  readonly inverted: boolean;
  /** Mean value of the border pixels of the training images; null for older runs, which did not store it. */
  readonly ground: number | null;
  /** Shape of the images that the model takes; that of MNIST if the configuration has none. */
  readonly shape: ImageShape;
}

/** Maximum rows or columns of an image in a configuration. */
const LARGEST = 1024;

/**
 * Reads the configuration of the run in `path`.
 *
 * @throws {TypeError} If a required field is missing.
 */
export async function readSavedConfig(path: string): Promise<SavedConfig> {
  await requireFolder(path);
  const config = await readConfig(path);
  const fail = (wanted: string): never => {
    throw new TypeError(`Cannot use the run ${path} as its config.json must have ${wanted}`);
  };
  const names = modelNames(), model = names.find((name) => name === config["model"]);
  const dataset = DATASET_NAMES.find((name) => name === config["dataset"]);
  const { classes, normalization, data = null, inverted = false, ground = null } = config;
  if (!Array.isArray(classes) || classes.length === 0 || !classes.every((name) => typeof name === "string")) {
    return fail('"classes", an array of names');
  }
  const shape = shapeOf(config);
  if (shape === null) return fail(`"size", rows and columns up to ${LARGEST}, and "channels", 1 or 3`);
  const { mean, std } = (normalization ?? {}) as Readonly<Record<string, unknown>>;
  const areMeans = areNumbers(mean, shape.channels, () => true);
  if (!areMeans || !areNumbers(std, shape.channels, (x) => x > 0)) {
    return fail('"normalization", a finite mean and a finite std above 0');
  }
  if (data !== null && typeof data !== "string") return fail('"data", a path or null');
  if (typeof inverted !== "boolean") return fail('"inverted", true or false');
  if (ground !== null && !(typeof ground === "number" && ground >= 0 && ground <= 1)) {
    return fail('"ground", a number from 0 to 1');
  }
  return {
    model: model ?? fail(`"model", one of ${names.join(", ")}`),
    dataset: dataset ?? fail(`"dataset", one of ${DATASET_NAMES.join(", ")}`),
    data,
    // Older runs have no difficulty, and used easy digits.
    difficulty: config["difficulty"] === "hard" ? "hard" : "easy",
    classes,
    normalization: { mean, std },
    inverted,
    ground,
    shape,
  };
}

/** Returns true for a finite number that passes `isRight`, or a list of them with one for each channel. */
function areNumbers(value: unknown, channels: number, isRight: (x: number) => boolean): value is ByChannel {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (Array.isArray(value) && list.length !== channels) return false;
  // JSON has 1e999, which is infinite.
  return list.every((x) => typeof x === "number" && Number.isFinite(x) && isRight(x));
}

/** Returns the shape of the images of a run; null if its configuration has an invalid one. */
function shapeOf(config: Readonly<Record<string, unknown>>): ImageShape | null {
  const { size = MNIST_SHAPE.size, channels = 1, augment = false } = config;
  if (!Array.isArray(size) || size.length !== 2 || typeof augment !== "boolean") return null;
  if (!size.every((n) => Number.isInteger(n) && n > 0 && n <= LARGEST)) return null;
  return channels === 1 || channels === 3 ? { size: [size[0], size[1]], channels, augment } : null;
}

/** Throws if a path is not a folder, and names the folders beside it. */
async function requireFolder(path: string): Promise<void> {
  try {
    if ((await runtimeFiles().status(path)).kind === "a folder") return;
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  const beside: string[] = [];
  try {
    const entries = await runtimeFiles().list(dirname(path));
    beside.push(...entries.filter(({ isDirectory }) => isDirectory).map(({ name }) => name));
  } catch {
    // The parent folder does not exist either.
  }
  throw new (fileErrors().NotFound)(
    `Cannot use the run ${path} as there is no such folder: ${
      beside.length > 0
        ? `${dirname(path)} has ${beside.sort().join(", ")}`
        : `${commandName("train")} makes one`
    }`,
  );
}

/** Loads the trained model of the run in `path`, with the weights of one of its files. */
export async function loadSavedModel(
  path: string,
  config: SavedConfig,
  device: Device,
  file: string = MODEL_FILE,
): Promise<Module> {
  const model = createModel(config.model, { classes: config.classes.length, shape: config.shape });
  await loadWeights(path, file, model, device);
  return model.eval();
}
