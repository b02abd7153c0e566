/** The files of whatever runtime there is. */
import { denoFiles } from "./deno_files.ts";
import type { Files } from "./files.ts";
import { nodeFiles } from "./node_files.ts";
import type { NodeFs, NodeProcess } from "./node_fs.ts";
import { pageFiles, type PageLocks, type PageStorage } from "./page_files.ts";

/** Globals by which runtimes are told apart. */
interface Runtime {
  readonly Deno?: unknown;
  readonly process?: NodeProcess & { readonly getBuiltinModule?: (name: string) => unknown };
  readonly navigator?: { readonly storage?: Partial<PageStorage>; readonly locks?: PageLocks };
}

let files: Files | undefined;

/**
 * Returns the files of this runtime: those of Deno, of Node or Bun, or the private files of a page's origin, where a path such
 * as `models/net.safetensors` names a file that the page itself has saved.
 *
 * @throws {TypeError} If there are none, as in a page that is not served by https or from this machine.
 */
export function runtimeFiles(): Files {
  return files ??= filesOf(globalThis as Runtime);
}

/** Returns the files of a runtime with these globals. */
export function filesOf({ Deno, process, navigator }: Runtime): Files {
  if (Deno !== undefined) return denoFiles();
  const fs = process?.getBuiltinModule?.("fs") as NodeFs | undefined;
  if (process && fs) return nodeFiles(fs, process);
  const storage = navigator?.storage;
  if (typeof storage?.getDirectory === "function") return pageFiles(storage as PageStorage, navigator?.locks);
  throw new TypeError(
    "Cannot use files by their paths as this platform must have some: give bytes, a Blob or a URL instead",
  );
}
