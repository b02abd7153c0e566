/** Writing files that are never half there. */

/** Writes to a file beside `path`, and puts it in its place when it is whole. */
export async function writeAtomically(path: string | URL, data: Uint8Array): Promise<void> {
  const target = path instanceof URL ? path.href : path;
  const name = `${target}.${crypto.randomUUID().slice(0, 8)}.tmp`;
  const draft = path instanceof URL ? new URL(name) : name;
  try {
    await Deno.writeFile(draft, data, { createNew: true });
    await Deno.rename(draft, path);
  } catch (error) {
    await Deno.remove(draft).catch(() => {});
    throw error;
  }
}
