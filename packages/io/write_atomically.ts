/** Files that are never half there. */
import { pathOf } from "./files/path.ts";
import { runtimeFiles } from "./files/runtime_files.ts";

/**
 * Writes a file so that it is there whole or not at all, whoever reads or writes it meanwhile: first one beside it, which
 * takes its place when its bytes have reached the disk. The folder is synchronized as well where the system and the
 * permissions allow it, so that the new name outlives a loss of power.
 *
 * @throws {Deno.errors.NotFound} If the folder is not there; see {@linkcode fileErrors}.
 * @throws {RangeError} If the disk is full; whatever was there stays, and {@linkcode isDiskFull} is true of the error.
 */
export async function writeAtomically(path: string | URL, data: Uint8Array): Promise<void> {
  await runtimeFiles().replace(pathOf(path), data);
}
