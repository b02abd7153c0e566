import { fileErrors, joinPath, runtimeFiles } from "@troodon/io";

/** The file in the folder of a run that is there, and locked, while somebody writes the run. */
const NAME = "run.lock";

/**
 * The right to write a folder, which one process has at a time and which ends with the process however that ends: a file that
 * a killed process left behind locks nobody out.
 */
export class RunLock implements Disposable {
  readonly #lock: Disposable;

  private constructor(lock: Disposable) {
    this.#lock = lock;
  }

  /**
   * Locks `folder`.
   *
   * @throws {Deno.errors.Busy} If it is locked, also by this process.
   */
  static async take(folder: string): Promise<RunLock> {
    const path = joinPath(folder, NAME);
    const lock = await runtimeFiles().lock(path);
    if (lock !== null) return new RunLock(lock);
    throw new (fileErrors().Busy)(`Cannot write the run ${folder} as ${await holderOf(path)} does`);
  }

  /** Unlocks the folder. */
  [Symbol.dispose](): void {
    this.#lock[Symbol.dispose]();
  }
}

/** Returns true if somebody writes the run in `folder` now. */
export async function isBeingWritten(folder: string): Promise<boolean> {
  return await runtimeFiles().isLocked(joinPath(folder, NAME));
}

async function holderOf(path: string): Promise<string> {
  // Windows does not let others read what is locked.
  const bytes = await runtimeFiles().read(path).catch(() => new Uint8Array());
  const text = new TextDecoder().decode(bytes);
  return /^\d+\n$/.test(text) ? `the process ${text.trim()}` : "another process";
}
