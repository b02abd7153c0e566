import type { Tensor } from "@troodon/core";
import { pathOf, requireFile, runtimeFiles, writeAtomically } from "@troodon/io";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import {
  type DecodeOptions,
  decodeSafetensors,
  ENCODE_OPTIONS,
  type EncodeOptions,
  encodeSafetensors,
  type Safetensors,
} from "./safetensors.ts";

/**
 * Writes a safetensors file; see {@linkcode encodeSafetensors}. Whoever reads it
 * meanwhile sees the old file or the new one, never a part.
 */
export async function saveSafetensors(
  path: string | URL,
  tensors: ReadonlyMap<string, Tensor>,
  options: EncodeOptions = {},
): Promise<void> {
  options = readOptions("saveSafetensors()", options, ENCODE_OPTIONS);
  await writeAtomically(path, await encodeSafetensors(tensors, options));
}

const LOAD_SAFETENSORS_OPTIONS: OptionKeys<Omit<DecodeOptions, "name">> = { device: true };

/**
 * Reads a safetensors file; see {@linkcode decodeSafetensors}.
 */
export async function loadSafetensors(
  path: string | URL,
  options: Omit<DecodeOptions, "name"> = {},
): Promise<Safetensors> {
  options = readOptions("loadSafetensors()", options, LOAD_SAFETENSORS_OPTIONS);
  await requireFile(path);
  return decodeSafetensors(await runtimeFiles().read(pathOf(path)), { ...options, name: String(path) });
}
