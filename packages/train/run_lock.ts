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
        const free = await lockSoon(file);
        if (!free) {
          throw new Deno.errors.Busy(`Cannot write the run ${folder} as ${await holderOf(path)} does`);
        }
        kept = await isAt(file, path);
        if (!kept) continue;
        // The lock holds on a full disk as well.
        await file.truncate();
        await file.write(new TextEncoder().encode(`${Deno.pid}\n`)).catch(() => {});
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

/** Milliseconds between attempts to lock: whoever lists runs holds a lock for an instant. */
const PAUSES = [10, 20, 40] as const;

/** Locks a file that nobody else has locked for longer than an instant; returns false otherwise. */
async function lockSoon(file: Deno.FsFile): Promise<boolean> {
  const lock = (): Promise<boolean> => file.tryLock(true).catch(() => true);
  for (const pause of PAUSES) {
    if (await lock()) return true;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return await lock();
}

/** Returns true if somebody writes the run in `folder` now. */
export async function isBeingWritten(folder: string): Promise<boolean> {
  try {
    using file = await Deno.open(join(folder, NAME));
    // A shared one: listing the same folder twice at once finds nobody.
    return !await file.tryLock(false);
  } catch {
    return false;
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
