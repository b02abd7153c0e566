/** States of runs in files. */
import { Device, ReferenceBackend } from "@troodon/core";
import { loadSafetensors } from "@troodon/serialization";
import { copiesOf, matchesDigest, readMetadata, saveDigested } from "./digested_file.ts";
import { storedState } from "./stored_state.ts";
import type { TrainingPosition, TrainingState } from "./training_state.ts";

/** Under which name the file has what is no tensor. */
const KEY = "training";
/** The key that stands for a number of which JSON would make null. */
const NUMBER = "$number";

const write = (_: string, value: unknown): unknown =>
  typeof value === "number" && !Number.isFinite(value) ? { [NUMBER]: String(value) } : value;

const read = (_: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && NUMBER in value ? Number(value[NUMBER]) : value;

/** Writes a state to a safetensors file; whoever reads it meanwhile sees the old one or the new one, never a part. */
export async function saveTrainingState(path: string | URL, state: TrainingState): Promise<void> {
  const { tensors, file: _, ...plain } = state;
  const text = JSON.stringify(plain, write);
  await saveDigested(path, tensors, { [KEY]: text }, text);
}

/**
 * Reads what {@linkcode saveTrainingState} wrote: the option `resume` of {@linkcode fit}.
 *
 * @throws {Deno.errors.NotFound} If there is no such file.
 * @throws {RangeError} If the file is damaged: its parts do not fit; likewise a SyntaxError or TypeError.
 * @throws {TypeError} If the file is none of a run, or its digest is another.
 */
export async function loadTrainingState(path: string | URL): Promise<TrainingState> {
  using device = new Device(new ReferenceBackend());
  const { tensors, metadata } = await loadSafetensors(path, { device });
  const copies = await copiesOf(tensors), file = String(path);
  for (const t of tensors.values()) t.dispose();
  const text = metadata[KEY];
  if (text === undefined) {
    throw new TypeError(
      `Cannot go on from ${file} as it must be of saveTrainingState(): it has tensors alone`,
    );
  }
  if (!await matchesDigest(copies, metadata, text)) {
    throw new TypeError(`Cannot go on from ${file} as it is damaged: its SHA-256 must be the one in it`);
  }
  return storedState(parsed(text, file), copies, file);
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text, read);
  } catch {
    throw new TypeError(`Cannot go on from ${file} as its ${KEY} must be JSON`);
  }
}

/** The position of a state in a file, which is not read whole and not checked; null where there is none. */
export async function readPosition(path: string): Promise<TrainingPosition | null> {
  try {
    const { position } = parsed((await readMetadata(path))[KEY] ?? "", path) as Pick<
      TrainingState,
      "position"
    >;
    return Number.isSafeInteger(position.step) && Number.isSafeInteger(position.epoch) ? position : null;
  } catch {
    return null;
  }
}
