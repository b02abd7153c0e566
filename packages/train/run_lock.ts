import { join } from "@std/path";

/** The file in the folder of a run that is there, and locked, while somebody writes the run. */
const NAME = "run.lock";

/**
 * The right to write a folder, which one process has at a time. It is a lock of the operating system, which ends with the
 * process however that ends: a file that a killed process left behind locks nobody out.
 */
export class RunLock implements Disposable {
  readonly #file: Deno.FsFile;
  readonly #path: string;

  private constructor(file: Deno.FsFile, path: string) {
    this.#file = file;
    this.#path = path;
  }

  /**
   * Locks `folder`.
   *
   * @throws {Deno.errors.Busy} If it is locked, also by this process.
   */
  static async take(folder: string): Promise<RunLock> {
    const path = join(folder, NAME);
    for (;;) {
      const file = await Deno.open(path, { read: true, write: true, create: true });
      let kept = false;
      try {
        // A file system without locks locks nobody out.
        const free = await file.tryLock(true).catch(() => true);
        if (!free) {
          throw new Deno.errors.Busy(`Cannot write the run ${folder} as ${await holderOf(path)} does`);
        }
        kept = await isAt(file, path);
        if (!kept) continue;
        await file.truncate();
        await file.write(new TextEncoder().encode(`${Deno.pid}\n`));
        return new RunLock(file, path);
      } finally {
        if (!kept) file.close();
      }
    }
  }

  /** Unlocks the folder. */
  [Symbol.dispose](): void {
    try {
      Deno.removeSync(this.#path);
    } catch {
      // Somebody has removed it: the lock ends all the same.
    }
    this.#file.close();
  }
}

/** Returns true if `path` is still `file`: whoever held the lock may have removed it since it was opened. */
async function isAt(file: Deno.FsFile, path: string): Promise<boolean> {
  const named = await Deno.stat(path).catch(() => null);
  return named !== null && named.ino === (await file.stat()).ino;
}

async function holderOf(path: string): Promise<string> {
  // Windows does not let others read what is locked.
  const text = await Deno.readTextFile(path).catch(() => "");
  return /^\d+\n$/.test(text) ? `the process ${text.trim()}` : "another process";
}
