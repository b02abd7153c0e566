/** Formats of files, as a fuzzer knows them. */
import type { Generator } from "@troodon/core";

/** Bytes of a file. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** Files of one folder by name; a name may have a folder before it. */
export type Folder = ReadonlyMap<string, Bytes>;

/** Files that a reader reads together. */
export interface Sample {
  /** The name of the sample, for reports. */
  readonly name: string;
  /** The files, whole. */
  readonly files: Folder;
  /** The files that are changed. */
  readonly changed: readonly string[];
}

/** Changes the inside of a file and repairs its checksums and lengths, so that the change reaches the parser. */
export interface Structure {
  /** What is changed, for reports: `zip entry`. */
  readonly name: string;
  /** Returns the changed file; null if it cannot be changed in this way. */
  readonly change: (bytes: Bytes, random: Generator) => Bytes | null | Promise<Bytes | null>;
}

/**
 * How damage is noticed: `checksum` covers every byte that a value is made of, `length` tells a file that is cut off or
 * longer, and `none` tells neither. `why` says why it is not more.
 */
export type Proof =
  | { readonly kind: "checksum" }
  | { readonly kind: "length"; readonly why: string }
  | { readonly kind: "none"; readonly why: string };

/** A kind of files, and a reader of it. */
export interface FileFormat {
  /** The name of the format. */
  readonly name: string;
  /** The functions of packages and programs that read such files, as `package.function`: those that `read` calls, or that share its code. */
  readonly readers: readonly string[];
  /** Makes files to start from. */
  readonly samples: () => Promise<readonly Sample[]>;
  /** Reads a sample that lies in a folder; `changed` is the file in it that was changed. */
  readonly read: (folder: string, changed: string) => unknown;
  /** How damage is noticed. */
  readonly proof: Proof;
  /** Changes that keep the file well-formed outside. */
  readonly structures: readonly Structure[];
  /** Reader of another library to compare with, where there is one. */
  readonly against?: "torch" | "numpy" | "safetensors" | "image";
}
