/** Tensors in files whose damage is noticed. */
import { Device, fromTypedArray, ReferenceBackend, type Tensor } from "@troodon/core";
import { NdArray } from "@troodon/datasets";
import { sha256 } from "@troodon/io";
import { openTensors, saveSafetensors } from "@troodon/serialization";

/** Under which name a file has its digest. */
const DIGEST = "sha256";

/** Copies of tensors on the host, by name. */
export async function copiesOf(tensors: ReadonlyMap<string, Tensor>): Promise<Map<string, NdArray>> {
  const copies = new Map<string, NdArray>();
  for (const [name, t] of tensors) copies.set(name, new NdArray(await t.dataAsync(), t.shape, t.dtype));
  return copies;
}

/** Writes a safetensors file, whole or not at all, with texts and the digest of both; `text` stands for the texts in it. */
export async function saveDigested(
  path: string | URL,
  tensors: ReadonlyMap<string, NdArray>,
  metadata: Readonly<Record<string, string>>,
  text: string,
): Promise<void> {
  using device = new Device(new ReferenceBackend());
  const named = new Map(
    [...tensors].map(([name, { data, shape, dtype }]) =>
      [name, fromTypedArray(data, shape, { device, dtype })] as const
    ),
  );
  try {
    await saveSafetensors(path, named, {
      metadata: { ...metadata, [DIGEST]: await digestOf(text, tensors) },
    });
  } finally {
    for (const t of named.values()) t.dispose();
  }
}

/** The texts of a safetensors file, without its tensors and unchecked; none where there is no such file. */
export async function readMetadata(path: string): Promise<Readonly<Record<string, string>>> {
  try {
    using file = await openTensors(path);
    return file.metadata;
  } catch {
    // Whoever needs the file reads it whole, and says what is wrong with it.
    return {};
  }
}

/** Returns true if the digest of a file is that of its tensors and of `text`; null if the file has no digest. */
export async function matchesDigest(
  tensors: ReadonlyMap<string, NdArray>,
  metadata: Readonly<Record<string, string>>,
  text: string,
): Promise<boolean | null> {
  const digest = metadata[DIGEST];
  return digest === undefined ? null : digest === await digestOf(text, tensors);
}

/** Texts of a file apart from its digest, in an order that does not depend on that in the file. */
export function textOf(metadata: Readonly<Record<string, string>>): string {
  const entries = Object.entries(metadata).filter(([name]) => name !== DIGEST);
  return JSON.stringify(entries.sort(([a], [b]) => a < b ? -1 : 1));
}

/** The SHA-256 of tensors and a text, whatever the order of the tensors. */
async function digestOf(text: string, tensors: ReadonlyMap<string, NdArray>): Promise<string> {
  const encoder = new TextEncoder(), pieces = [encoder.encode(text)];
  for (const [name, { data, shape, dtype }] of [...tensors].sort(([a], [b]) => a < b ? -1 : 1)) {
    pieces.push(encoder.encode(JSON.stringify([name, dtype, shape])));
    pieces.push(new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength));
  }
  return await sha256(...pieces);
}
