/** Events on their way to a file, in the order in which they were made. */
import { EventFile } from "./event_file.ts";

/** Writes events to a new file: at once, or as soon as what they show was read and those before them are in the file. */
export class EventQueue implements Disposable {
  readonly #file: EventFile;
  /** The end of what is still being read; null if nothing is. */
  #pending: Promise<void> | null = null;
  #failure: { readonly error: unknown } | null = null;

  /** Makes a file in `folder`; see {@linkcode EventFile}. */
  constructor(folder: string, suffix: string) {
    this.#file = new EventFile(folder, suffix);
  }

  /** The path of the file. */
  get path(): string {
    return this.#file.path;
  }

  /**
   * Writes an event behind those that are still being read.
   *
   * @throws {TypeError} If the file was closed.
   */
  write(event: Uint8Array | Promise<Uint8Array>): void {
    if (this.#pending === null && event instanceof Uint8Array) return this.#file.append(event);
    this.#file.checkOpen();
    const append = async (): Promise<void> => {
      try {
        this.#file.append(await event);
      } catch (error) {
        this.#failure ??= { error };
      }
    };
    const pending = this.#pending = (this.#pending ?? Promise.resolve()).then(append).then(() => {
      if (this.#pending === pending) this.#pending = null;
    });
  }

  /** Waits until all events are on the disk; throws what went wrong as they were read. */
  async flush(): Promise<void> {
    await this.#pending;
    await this.#file.sync();
    this.#throwFailure();
  }

  /** Waits until all events are in the file, and closes it; throws what went wrong as they were read. */
  async close(): Promise<void> {
    await this.#pending;
    this.#file[Symbol.dispose]();
    this.#throwFailure();
  }

  /** Closes the file as soon as all events are in it. */
  [Symbol.dispose](): void {
    if (this.#pending !== null) return void this.close();
    this.#file[Symbol.dispose]();
    this.#throwFailure();
  }

  #throwFailure(): void {
    if (this.#failure === null) return;
    const { error } = this.#failure;
    this.#failure = null;
    throw error;
  }
}
