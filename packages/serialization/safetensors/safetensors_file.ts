import type { Tensor } from "@troodon/core";
import { writeAtomically } from "@troodon/io";
import {
  type DecodeOptions,
  decodeSafetensors,
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
  await writeAtomically(path, await encodeSafetensors(tensors, options));
}

/**
 * Reads a safetensors file; see {@linkcode decodeSafetensors}.
 */
export async function loadSafetensors(
  path: string | URL,
  options: Omit<DecodeOptions, "name"> = {},
): Promise<Safetensors> {
  return decodeSafetensors(await Deno.readFile(path), { ...options, name: String(path) });
}
