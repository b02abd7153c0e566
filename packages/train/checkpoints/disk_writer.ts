/** Writers that a full disk does not end. */
import { isDiskFull } from "@troodon/io";

/** Options of observers that write files. */
export interface FullDiskOptions {
  /**
   * What happens when the disk is full: training ends with an error, or goes on, and whatever was not written is tried again
   * with the next state; `"stop"` by default. Either way the files of before stay whole.
   */
  readonly onFullDisk?: "stop" | "continue";
  /** Receives a line for people where training goes on though the disk is full; `console.error` by default, null for none. */
  readonly log?: ((line: string) => void) | null;
}

/** Writes files one by one, and again later those for which the disk had no room. */
export class DiskWriter {
  readonly #goesOn: boolean;
  readonly #log: ((line: string) => void) | null;
  /** The last contents of each file that are not written yet. */
  readonly #waiting = new Map<string, () => void | Promise<void>>();

  /** Ends with the error of a full disk unless `onFullDisk` says otherwise. */
  constructor({ onFullDisk = "stop", log = console.error }: FullDiskOptions) {
    this.#goesOn = onFullDisk === "continue";
    this.#log = log;
  }

  /** The files whose last contents are not written. */
  get unsaved(): readonly string[] {
    return [...this.#waiting.keys()];
  }

  /** Calls `write` for the file `name`, and later again if the disk is full and training is to go on. */
  async write(name: string, write: () => Promise<void>): Promise<void> {
    try {
      await write();
      this.#done(name);
    } catch (error) {
      this.#wait(name, write, error);
    }
  }

  /** Synchronous version of {@linkcode DiskWriter.write}. */
  writeSync(name: string, write: () => void): void {
    try {
      write();
      this.#done(name);
    } catch (error) {
      this.#wait(name, write, error);
    }
  }

  /** Tries the files again that are not written. */
  async retry(): Promise<void> {
    for (const [name, write] of [...this.#waiting]) await this.write(name, async () => await write());
  }

  #done(name: string): void {
    if (this.#waiting.delete(name) && this.#waiting.size === 0) {
      this.#log?.("There is room on the disk again: everything is saved");
    }
  }

  #wait(name: string, write: () => void | Promise<void>, error: unknown): void {
    if (!this.#goesOn || !isDiskFull(error)) throw error;
    const isFirst = this.#waiting.size === 0;
    this.#waiting.set(name, write);
    if (isFirst) {
      this.#log?.(`${(error as Error).message}. Training goes on, and tries again at the next state`);
    }
  }
}
