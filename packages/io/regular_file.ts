/** Checks for regular files, which exclude folders and anything that waits for a writer. */

/** Returns the kind of a file system entry, in words. */
function kindOf(info: Deno.FileInfo): string {
  if (info.isDirectory) return "a folder";
  if (info.isFifo) return "a FIFO";
  if (info.isSocket) return "a socket";
  return info.isCharDevice || info.isBlockDevice ? "a device" : "no regular file";
}

function check(info: Deno.FileInfo, name: string): void {
  if (!info.isFile) throw new TypeError(`Cannot read ${name} as it must be a file: it is ${kindOf(info)}`);
}

/**
 * Checks that a path is a regular file before it is opened: a FIFO would wait for a writer forever. Links are
 * followed.
 *
 * @param name Name of the file in errors.
 * @throws {TypeError} If it is a folder, FIFO, socket or device.
 * @throws {Deno.errors.NotFound} If it does not exist, or is a broken link.
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
  check(await Deno.stat(path), name);
}

/** Synchronous version of {@linkcode requireFile}. */
export function requireFileSync(path: string | URL, name: string = String(path)): void {
  check(Deno.statSync(path), name);
}
