/** The file of events that TensorBoard reads. */
import { join } from "@std/path";
import { recordOf } from "./record.ts";

/** A new file of events. What was appended is in the file at once, so that a program that ends loses nothing. */
export class EventFile implements Disposable {
  /** The path of the file. */
  readonly path: string;
  #file: Deno.FsFile | null;

  /**
   * Makes a file that no other writer of the folder has.
   *
   * @param folder Made where it is not there.
   * @param suffix Added to the name of the file.
   */
  constructor(folder: string, suffix: string) {
    Deno.mkdirSync(folder, { recursive: true });
    const seconds = String(Math.floor(Date.now() / 1000)).padStart(10, "0");
    for (let number = 0;; number++) {
      const path = join(folder, `events.out.tfevents.${seconds}.troodon.${Deno.pid}.${number}${suffix}`);
      try {
        this.#file = Deno.openSync(path, { write: true, createNew: true });
        this.path = path;
        return;
      } catch (error) {
        if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
      }
    }
  }

  /**
   * Returns the open file.
   *
   * @throws {TypeError} If it was closed.
   */
  checkOpen(): Deno.FsFile {
    if (this.#file !== null) return this.#file;
    throw new TypeError(`Cannot add to ${this.path} as the writer must be open: it was closed`);
  }

  /** Appends an event. */
  append(event: Uint8Array): void {
    const file = this.checkOpen(), record = recordOf(event);
    for (let at = 0; at < record.length;) at += file.writeSync(record.subarray(at));
  }

  /** Has what was appended reach the disk. */
  async sync(): Promise<void> {
    await this.#file?.syncData();
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#file?.close();
    this.#file = null;
  }
}
