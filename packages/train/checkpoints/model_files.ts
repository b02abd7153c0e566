/** Models of runs in files. */
import { fileErrors, isNotFound, joinPath } from "@troodon/io";
import type { Device } from "@troodon/core";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import type { NdArray } from "@troodon/datasets";
import type { Module } from "@troodon/nn";
import { loadSafetensors } from "@troodon/serialization";
import { copiesOf, matchesDigest, saveDigested, textOf } from "../digested_file.ts";
import { isFiniteArray } from "../finite.ts";

/** The file in the folder of a run with the model of the last validation. */
export const MODEL_FILE = "model.safetensors";
/** The file in the folder of a run with the best model so far: see {@linkcode ModelCheckpoint}. */
export const BEST_FILE = "best.safetensors";

/** Options of {@linkcode loadModel}. */
export interface LoadModelOptions {
  /** The file in the folder; `"model.safetensors"` by default. */
  readonly file?: string;
}
const LOAD_MODEL_OPTIONS: OptionKeys<LoadModelOptions> = { file: true };

/**
 * Copies the state of `model` to the host, to be written to `file`.
 *
 * @throws {RangeError} If a parameter that is trained is not finite.
 */
export async function finiteCopies(file: string, model: Module): Promise<Map<string, NdArray>> {
  const copies = await copiesOf(model.stateDict());
  for (const [name, { requiresGrad }] of model.namedParameters()) {
    if (requiresGrad) requireFinite("save", file, name, copies);
  }
  return copies;
}

/** Writes copies of the state of a model to `file`, with their digest. */
export async function writeModel(
  file: string,
  copies: ReadonlyMap<string, NdArray>,
  metadata: Readonly<Record<string, string>>,
): Promise<void> {
  await saveDigested(file, copies, metadata, textOf(metadata));
}

function requireFinite(verb: string, file: string, name: string, copies: ReadonlyMap<string, NdArray>): void {
  const copy = copies.get(name);
  if (copy === undefined || isFiniteArray(copy)) return;
  throw new RangeError(
    `Cannot ${verb} ${file} as its parameters must be finite: ${name} has elements that are NaN or infinite`,
  );
}

/**
 * Loads the state that a run saved into `model`.
 *
 * @throws {Deno.errors.NotFound} If the run saved none, as it was ended before its first epoch was.
 * @throws {RangeError} If the file is damaged, of another model, or has parameters that are not finite; likewise a
 * SyntaxError or TypeError. All name the file.
 */
export async function loadModel(
  path: string,
  model: Module,
  device: Device,
  options?: LoadModelOptions,
): Promise<void> {
  const { file: name = MODEL_FILE } = readOptions("loadModel()", options, LOAD_MODEL_OPTIONS);
  const file = joinPath(path, name);
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
    if (isNotFound(error)) {
      throw new (fileErrors().NotFound)(
        `Cannot load ${file} as it is not there: a run saves ${
          name === BEST_FILE
            ? "it after the first epoch, where it is told what to monitor"
            : "it after each epoch"
        }`,
      );
    }
    if (error instanceof Error && !error.message.includes(file)) error.message += ` (in ${file})`;
    throw error;
  }
}
