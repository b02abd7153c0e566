/** States of runs in files. */
import { Device, fromTypedArray, ReferenceBackend } from "@troodon/core";
import { NdArray } from "@troodon/datasets";
import { sha256 } from "@troodon/io";
import { loadSafetensors, saveSafetensors } from "@troodon/serialization";
import type { TrainingState } from "./training_state.ts";

/** Under which names the file has what is no tensor, and the digest of all. */
const KEY = "training", DIGEST = "sha256";

/** Writes a state to a safetensors file; whoever reads it meanwhile sees the old one or the new one, never a part. */
export async function saveTrainingState(path: string | URL, state: TrainingState): Promise<void> {
  const { tensors, ...plain } = state;
  const text = JSON.stringify(plain);
  using device = new Device(new ReferenceBackend());
  const named = new Map(
    [...tensors].map(([name, { data, shape, dtype }]) =>
      [name, fromTypedArray(data, shape, { device, dtype })] as const
    ),
  );
  try {
    await saveSafetensors(path, named, {
      metadata: { [KEY]: text, [DIGEST]: await digestOf(text, tensors) },
    });
  } finally {
    for (const t of named.values()) t.dispose();
  }
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
  const copies = new Map<string, NdArray>();
  for (const [name, t] of tensors) {
    copies.set(name, new NdArray(await t.dataAsync(), t.shape, t.dtype));
    t.dispose();
  }
  const text = metadata[KEY];
  if (text === undefined) {
    throw new TypeError(
      `Cannot go on from ${path} as it must be of saveTrainingState(): it has tensors alone`,
    );
  }
  if (metadata[DIGEST] !== await digestOf(text, copies)) {
    throw new TypeError(`Cannot go on from ${path} as it is damaged: its SHA-256 must be the one in it`);
  }
  return { ...JSON.parse(text) as Omit<TrainingState, "tensors">, tensors: copies };
}

/** The SHA-256 of all of a state, whatever the order of its tensors. */
async function digestOf(text: string, tensors: ReadonlyMap<string, NdArray>): Promise<string> {
  const encoder = new TextEncoder(), pieces = [encoder.encode(text)];
  for (const [name, { data, shape, dtype }] of [...tensors].sort(([a], [b]) => a < b ? -1 : 1)) {
    pieces.push(encoder.encode(JSON.stringify([name, dtype, shape])));
    pieces.push(new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength));
  }
  return await sha256(...pieces);
}
