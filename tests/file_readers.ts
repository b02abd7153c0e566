/** The readers of files, each with files to start from: what a fuzzer changes bytes of. */
import { load } from "@troodon/troodon";

/** A reader of files of one format. */
export interface FileReader {
  /** The format. */
  readonly format: string;
  /** Files that it reads. */
  readonly samples: readonly URL[];
  /** Reads bytes: a value, or an error of the kinds in {@linkcode FILE_ERRORS} that names the file. */
  readonly read: (bytes: Uint8Array<ArrayBuffer>, name: string) => Promise<unknown>;
}

/** Errors that readers may throw where a file is damaged. */
export const FILE_ERRORS: readonly (new (message: string) => Error)[] = [TypeError, RangeError, SyntaxError];

const files = (...names: readonly string[]): URL[] =>
  names.map((name) => new URL(`./testdata/torch_files/${encodeURIComponent(name)}`, import.meta.url));

const read: FileReader["read"] = (bytes, name) =>
  load<unknown>(new File([bytes], name), { onSkipped: () => {} });

/** All readers of files in `@troodon/serialization`. */
export const FILE_READERS: readonly FileReader[] = [
  {
    format: "torch",
    read,
    samples: files("checkpoint.pth", "tied_weights.pth", "views_shared_storage.pth", "dtypes_float8.pth"),
  },
  {
    format: "legacyTorch",
    read,
    samples: files("checkpoint_legacy.pth", "dtypes_basic_legacy.pth", "views_shared_storage_legacy.pth"),
  },
  { format: "safetensors", read, samples: files("dtypes.safetensors", "views.safetensors") },
  { format: "shards", read, samples: files("model.safetensors.index.json") },
  { format: "npy", read, samples: files("version_1.npy", "fortran_3d.npy", "array_big_endian_i4.npy") },
  { format: "npz", read, samples: files("stored.npz", "compressed.npz") },
];
