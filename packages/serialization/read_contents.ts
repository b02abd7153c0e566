/** Files of all formats, told by their contents. */
import type { Stack } from "@troodon/core/kernel";
import { type ByteSource, ZipReader } from "@troodon/io";
import type { Budget } from "./contents/budget.ts";
import type { Contents } from "./contents/contents.ts";
import { NPY_MAGIC } from "./numpy/npy_header.ts";
import { isNumpyArchive, readNpy, readNpz } from "./numpy/read_npy.ts";
import { readSafetensors, readShards } from "./safetensors/read_safetensors.ts";
import { readLegacyTorchFile } from "./torch/read_legacy_file.ts";
import { isTorchArchive, readTorchArchive } from "./torch/read_zip_file.ts";

/** Input of a reader: the file, its memory budget, and the other files that it opens. */
export interface Reading {
  /** The file. */
  readonly source: ByteSource;
  /** The memory that it may take. */
  readonly budget: Budget;
  /** Receives other files that are opened on the way, and stay open as long as the first. */
  readonly opened: Stack;
}

/** A reader of one format: what the file holds, or an error that names the file. */
export type Reader = (reading: Reading) => Promise<Contents>;

/** Formats of files. */
export type FileFormat = "torch" | "legacyTorch" | "safetensors" | "shards" | "npy" | "npz";

/** The readers of all formats by name. */
export const READERS: Readonly<Record<FileFormat, Reader>> = {
  torch: async ({ source, budget }) => readTorchArchive(await ZipReader.open(source), source, budget),
  legacyTorch: ({ source, budget }) => readLegacyTorchFile(source, budget),
  safetensors: ({ source, budget }) => readSafetensors(source, budget),
  shards: ({ source, budget, opened }) => readShards(source, budget, opened),
  npy: ({ source, budget }) => readNpy(source, budget),
  npz: async ({ source, budget }) => readNpz(await ZipReader.open(source), budget),
};

/** The reader of files with an ending, for those whose contents say nothing. */
const BY_ENDING: Readonly<Record<string, Reader>> = {
  safetensors: READERS.safetensors,
  npy: READERS.npy,
  npz: READERS.npz,
  json: READERS.shards,
};

/**
 * Reads the contents of a file; its first bytes tell the format.
 *
 * @throws {TypeError} If it is of none, damaged, or holds what is refused; likewise a RangeError or SyntaxError.
 */
export async function readContents(reading: Reading): Promise<Contents> {
  const { source, budget } = reading, { name, size } = source;
  const head = await source.read(0, Math.min(size, 16));
  const begins = (...bytes: readonly number[]): boolean => bytes.every((byte, i) => head[i] === byte);
  if (begins(0x50, 0x4b)) return await readArchive(source, budget);
  if (begins(...NPY_MAGIC)) return await READERS.npy(reading);
  if (size >= 9 && head[8] === 0x7b) return await READERS.safetensors(reading);
  if (begins(0x80)) return await READERS.legacyTorch(reading);
  const [letter] = new TextDecoder().decode(head).trim();
  if (letter === "{") return await READERS.shards(reading);
  const reader = BY_ENDING[name.match(/\.(\w+)$/)?.[1] ?? ""];
  if (reader !== undefined) return await reader(reading);
  throw new TypeError(
    `Cannot read ${name} as it must be a file of PyTorch (.pth, .pt), safetensors or NumPy (.npy, .npz): ${
      size === 0
        ? "it is empty"
        : letter === "<"
        ? "it is a web page: download the file itself"
        : isOnnx(head)
        ? "it is a model of ONNX: read it by onnx.loadOnnx()"
        : "it is none of them"
    }`,
  );
}

/** Returns true if a file begins as models of ONNX do: with the version of the format, and another field of a model. */
function isOnnx([tag, version, next]: Uint8Array): boolean {
  return tag === 0x08 && version! < 32 && [0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42].includes(next!);
}

async function readArchive(source: ByteSource, budget: Budget): Promise<Contents> {
  const zip = await ZipReader.open(source);
  if (isTorchArchive(zip)) return await readTorchArchive(zip, source, budget);
  if (isNumpyArchive(zip)) return await readNpz(zip, budget);
  throw new TypeError(
    `Cannot read ${source.name} as it must be a file of PyTorch or NumPy: it is a zip archive of something else`,
  );
}
