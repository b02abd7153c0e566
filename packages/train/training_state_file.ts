/** States of runs in files. */
import { Device, fromTypedArray, ReferenceBackend } from "@troodon/core";
import { NdArray } from "@troodon/datasets";
import { loadSafetensors, saveSafetensors } from "@troodon/serialization";
import type { TrainingState } from "./training_state.ts";

/** Under which name the file has what is no tensor. */
const KEY = "training";

/** Writes a state to a safetensors file; whoever reads it meanwhile sees the old one or the new one, never a part. */
export async function saveTrainingState(path: string | URL, state: TrainingState): Promise<void> {
  const { tensors, ...plain } = state;
  using device = new Device(new ReferenceBackend());
  const named = new Map(
    [...tensors].map(([name, { data, shape, dtype }]) =>
      [name, fromTypedArray(data, shape, { device, dtype })] as const
    ),
  );
  try {
    await saveSafetensors(path, named, { metadata: { [KEY]: JSON.stringify(plain) } });
  } finally {
    for (const t of named.values()) t.dispose();
  }
}

/**
 * Reads what {@linkcode saveTrainingState} wrote: the option `resume` of {@linkcode fit}.
 *
 * @throws {TypeError} If the file is none of a run.
 */
export async function loadTrainingState(path: string | URL): Promise<TrainingState> {
  using device = new Device(new ReferenceBackend());
  const { tensors, metadata } = await loadSafetensors(path, { device });
  const text = metadata[KEY];
  if (text === undefined) {
    throw new TypeError(
      `Cannot go on from ${path} as it must be of saveTrainingState(): it has tensors alone`,
    );
  }
  const copies = new Map<string, NdArray>();
  for (const [name, t] of tensors) {
    copies.set(name, new NdArray(await t.data(), t.shape, t.dtype));
    t.dispose();
  }
  return { ...JSON.parse(text) as Omit<TrainingState, "tensors">, tensors: copies };
}
