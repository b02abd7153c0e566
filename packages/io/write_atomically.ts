/** Files that are never half there. */
import { dirname, fromFileUrl } from "@std/path";
import { wordDiskFull } from "./full_disk.ts";

/** The ending of a file that a process leaves behind if it is killed while it writes. */
export const DRAFT_ENDING: RegExp = /\.[0-9a-f]{8}\.tmp$/;

/**
 * Writes a file so that it is there whole or not at all, whoever reads or writes it meanwhile: first one beside it, which
 * takes its place when its bytes have reached the disk. The folder is synchronized as well where the system and the
 * permissions allow it, so that the new name outlives a loss of power.
 *
 * @throws {Deno.errors.NotFound} If the folder is not there.
 * @throws {RangeError} If the disk is full; whatever was there stays, and {@linkcode isDiskFull} is true of the error.
 */
export async function writeAtomically(path: string | URL, data: Uint8Array): Promise<void> {
  const name = path instanceof URL ? fromFileUrl(path) : path;
  const draft = `${name}.${crypto.randomUUID().slice(0, 8)}.tmp`;
  let written = 0;
  try {
    {
      using file = await Deno.open(draft, { write: true, createNew: true });
      while (written < data.length) written += await file.write(data.subarray(written));
      await file.sync();
    }
    await Deno.rename(draft, name);
  } catch (error) {
    await Deno.remove(draft).catch(() => {});
    throw wordDiskFull(error, name, data.length, written);
  }
  await syncFolder(dirname(name));
}

async function syncFolder(path: string): Promise<void> {
  // Not by trying: that would ask whoever sits before the terminal.
  if (Deno.permissions.querySync({ name: "read", path }).state !== "granted") return;
  try {
    using folder = await Deno.open(path);
    await folder.sync();
  } catch {
    // Windows does not open folders.
  }
}
