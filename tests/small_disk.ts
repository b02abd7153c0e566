/** A file system of a given size, for tests of full disks. */

/** Returns true if a command ended well; a system without it is a false as well. */
async function succeeds(command: string, ...args: string[]): Promise<boolean> {
  try {
    return (await new Deno.Command(command, { args, stdout: "null", stderr: "null" }).output()).success;
  } catch {
    return false;
  }
}

/**
 * Mounts a file system in memory of `bytes`, rounded up to pages of 4096, hands its folder to `use` and removes it
 * afterwards. Says so and calls nothing where the user may mount none.
 */
export async function withSmallDisk(bytes: number, use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    if (!await succeeds("mount", "-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", folder)) {
      console.log("SKIP no file system may be mounted here");
      return;
    }
    try {
      await use(folder);
    } finally {
      if (!await succeeds("umount", folder)) await succeeds("umount", "-l", folder);
    }
  } finally {
    await Deno.remove(folder);
  }
}
