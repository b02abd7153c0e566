/** Contents of files as readers find them, before tensors are made. */
import type { FileTensor } from "./stored_tensor.ts";

/**
 * Contents of a file before tensors are read: records as {@linkcode PlainDict}, state dictionaries as maps, arrays, sets,
 * numbers, strings, bytes, and tensors that were not read yet.
 */
export interface Contents {
  /** The value that was saved. */
  readonly value: unknown;
  /** Texts that travel with it. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The modules in it as data, if it has some: JSON. */
  readonly architecture: string | null;
}

/** A state dictionary that is not read yet. */
export type StoredState = Map<string, FileTensor>;

/** Containers within containers that a value may have, in files that are read and in those that are written. */
export const DEEPEST: number = 200;

/** A place in a value by the keys that lead to it, for errors. */
export function showPath(path: readonly string[]): string {
  return path.length > 10 ? `${path.slice(0, 10).join(".")} and so on` : path.join(".");
}
