/** File formats for the fuzzer. */
import type { Generator } from "@troodon/core";

/** Bytes of a file. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** Files of a folder by name; a name may include a subfolder. */
export type Folder = ReadonlyMap<string, Bytes>;

/** Files that a reader reads together. */
export interface Sample {
  /** Name of the sample in reports. */
  readonly name: string;
  /** Unchanged files. */
  readonly files: Folder;
  /** Names of the files to change. */
  readonly changed: readonly string[];
}

/**
 * Changes the contents of a file and repairs its checksums and lengths, so that the change reaches the
 * parser.
 */
export interface Structure {
  /** Part that is changed, for reports: `zip entry`. */
  readonly name: string;
  /** Returns the changed file; null if this change does not apply. */
  readonly change: (bytes: Bytes, random: Generator) => Bytes | null | Promise<Bytes | null>;
}

/**
 * Detection of damage: `checksum` covers every byte of the values, `length` detects truncated and extended
 * files, and `none` detects neither. `why` states why detection is not stronger.
 */
export type Proof =
  | { readonly kind: "checksum" }
  | { readonly kind: "length"; readonly why: string }
  | { readonly kind: "none"; readonly why: string };

/** File format with its reader. */
export interface FileFormat {
  /** Name of the format. */
  readonly name: string;
  /**
   * Functions of packages and programs that read such files, as `package.function`: those that `read` calls
   * or that share its code.
   */
  readonly readers: readonly string[];
  /** Creates unchanged samples. */
  readonly samples: () => Promise<readonly Sample[]>;
  /** Reads a sample in a folder; `changed` is the name of the changed file. */
  readonly read: (folder: string, changed: string) => unknown;
  /** Detection of damage. */
  readonly proof: Proof;
  /** Changes that keep the file well-formed at the outer level. */
  readonly structures: readonly Structure[];
  /** Reader of another library to compare with, if there is one. */
  readonly against?: "torch" | "numpy" | "safetensors" | "image";
}
