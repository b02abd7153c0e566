/** The file of events that TensorBoard reads. */
import { fileErrors, joinPath, runtimeFiles, type WritableFile } from "@troodon/io";
import { recordOf } from "./record.ts";

/** A new file of events. What was appended is in the file at once, so that a program that ends loses nothing. */
export class EventFile implements Disposable {
  /** The path of the file. */
  readonly path: string;
  #file: WritableFile | null;

  /**
   * Makes a file that no other writer of the folder has.
   *
   * @param folder Made where it is not there.
   * @param suffix Added to the name of the file.
   */
  constructor(folder: string, suffix: string) {
    const files = runtimeFiles();
    files.makeFolderSync(folder);
    const seconds = String(Math.floor(Date.now() / 1000)).padStart(10, "0");
    for (let number = 0;; number++) {
      const path = joinPath(folder, `events.out.tfevents.${seconds}.troodon.${number}${suffix}`);
      try {
        this.#file = files.createNewSync(path);
        this.path = path;
        return;
      } catch (error) {
        if (!(error instanceof fileErrors().AlreadyExists)) throw error;
      }
    }
  }

  /**
   * Returns the open file.
   *
   * @throws {TypeError} If it was closed.
   */
  checkOpen(): WritableFile {
    if (this.#file !== null) return this.#file;
    throw new TypeError(`Cannot add to ${this.path} as the writer must be open: it was closed`);
  }

  /** Appends an event. */
  append(event: Uint8Array): void {
    this.checkOpen().writeSync(recordOf(event));
  }

  /** Has what was appended reach the disk. */
  async sync(): Promise<void> {
    await this.#file?.sync();
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#file?.[Symbol.dispose]();
    this.#file = null;
  }
}
