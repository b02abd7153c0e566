/** Checks for regular files, which exclude folders and anything that waits for a writer. */
import type { FileStatus } from "./files/files.ts";
import { pathOf } from "./files/path.ts";
import { runtimeFiles } from "./files/runtime_files.ts";

function check({ kind }: FileStatus, name: string): void {
  if (kind !== "a file") throw new TypeError(`Cannot read ${name} as it must be a file: it is ${kind}`);
}

/**
 * Checks that a path is a regular file before it is opened: a FIFO would wait for a writer forever. Links are
 * followed.
 *
 * @param name Name of the file in errors.
 * @throws {TypeError} If it is a folder, FIFO, socket or device.
 * @throws {Deno.errors.NotFound} If it does not exist, or is a broken link; see {@linkcode fileErrors}.
 *
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { requireFile } from "@troodon/io";
 *
 * const folder = await Deno.makeTempDir();
 * await assertRejects(() => requireFile(folder), TypeError, "it is a folder");
 * ```
 */
export async function requireFile(path: string | URL, name: string = String(path)): Promise<void> {
  check(await runtimeFiles().status(pathOf(path)), name);
}

/** Synchronous version of {@linkcode requireFile}. */
export function requireFileSync(path: string | URL, name: string = String(path)): void {
  check(runtimeFiles().statusSync(pathOf(path)), name);
}
