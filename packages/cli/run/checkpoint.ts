/** Flags for the states and models that a run keeps, and for the one to use. */
import { join } from "@std/path";
import { fileErrors } from "@troodon/io";
import {
  BEST_FILE,
  type BestScore,
  type Device,
  filesOfRun,
  formatNumber,
  fromTypedArray,
  loadModel,
  loadTrainingState,
  MODEL_FILE,
  type ModelCheckpointOptions,
  models,
  type Module,
} from "@troodon/troodon";
import { type Flag, onOff, text, UsageError } from "../flags/options.ts";

/** Names of scores in `metrics.jsonl` by their names on the command line: `loss` is that of training there. */
export const SCORES = { accuracy: "accuracy", loss: "testLoss" } as const;
/** Choices for a full disk. */
export const FULL_DISK = ["stop", "continue"] as const;

/** Command-line flags for what a run keeps. */
export interface CheckpointFlags {
  /** Number of states. */
  readonly keep: number;
  /** The score by which the best model is kept. */
  readonly monitor: keyof typeof SCORES;
  readonly "on-full-disk": typeof FULL_DISK[number];
}

/** Options of the folder of a run by its flags. */
export function checkpointOf(
  { keep, monitor, "on-full-disk": onFullDisk }: CheckpointFlags,
): ModelCheckpointOptions {
  return { keep, monitor: SCORES[monitor], onFullDisk };
}

/** The best score of a run, for people: `test accuracy 99.12 % after epoch 4`. */
export function showScore(monitor: CheckpointFlags["monitor"], { epoch, value }: BestScore): string {
  const text = monitor === "accuracy" ? `${(100 * value).toFixed(2)} %` : formatNumber(value);
  return `test ${monitor} ${text} after epoch ${epoch}`;
}

/** Command-line flags for the weights of a run to use. */
export interface WeightsFlags {
  readonly best: boolean;
  readonly checkpoint: string | undefined;
}

/** A flag for each of them. */
export const WEIGHTS_FLAGS: { readonly [K in keyof WeightsFlags]: Flag<WeightsFlags[K]> } = {
  best: onOff("Use the best model of the run, in place of the last one"),
  checkpoint: text(
    "NAME",
    "Use the weights of this file of the run, a model or a state: best, state.epoch-2.step-938",
    undefined,
    "model",
  ),
};

/**
 * Returns the name of the file in the folder of a run with the weights that flags ask for.
 *
 * @throws {UsageError} If they contradict each other.
 * @throws {Deno.errors.NotFound} If there is no such file; the message has the names of those that there are.
 */
export async function weightsFile(path: string, { best, checkpoint }: WeightsFlags): Promise<string> {
  if (checkpoint === undefined) return best ? BEST_FILE : MODEL_FILE;
  if (best) throw new UsageError("--best does not go with --checkpoint");
  const files = (await filesOfRun(path)).filter((name) => name.endsWith(".safetensors"));
  const found = files.find((name) => name === checkpoint || name === `${checkpoint}.safetensors`);
  if (found !== undefined) return found;
  throw new (fileErrors().NotFound)(
    `Cannot use ${checkpoint} of the run ${path} as it has no such file: it has ${
      files.join(", ") || "none"
    }`,
  );
}

/**
 * Loads the weights in `file`, a model or a state in the folder of a run, into `model`. Of a state these are the weights that
 * are tested: their mean where the run keeps it.
 *
 * @throws {TypeError} If the file is damaged or of another model; likewise a RangeError or SyntaxError.
 */
export async function loadWeights(path: string, file: string, model: Module, device: Device): Promise<void> {
  if (!file.startsWith("state.")) return await loadModel(path, model, device, { file });
  const { tensors, keep } = await loadTrainingState(join(path, file));
  const averages = keep.findIndex((part) => typeof part === "object" && part !== null && "nAveraged" in part);
  const names = [...model.stateDict().keys()], prefix = `keep.${averages}.averages.`;
  const count = [...tensors.keys()].filter((name) => name.startsWith(prefix)).length;
  // With a frozen body, only the head is averaged.
  const averaged = count === names.length || count === 0
    ? names
    : names.filter((name) => name.startsWith(`${models.headOf(model).name}.`));
  const state = new Map(names.flatMap((name) => {
    const found = tensors.get(`${prefix}${averaged.indexOf(name)}`) ?? tensors.get(`model.${name}`);
    if (found === undefined) return [];
    return [[name, fromTypedArray(found.data, found.shape, { device, dtype: found.dtype })] as const];
  }));
  model.loadStateDict(state);
  for (const t of state.values()) t.dispose();
}
