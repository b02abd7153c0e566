/** Limits on what a file may grow to in memory. */

/** Bytes that a file may take in memory whatever its own size is, and how many times its size beside that. */
const ALWAYS = 2 ** 30, TIMES_SIZE = 16;

/**
 * The memory that a file may take, taken before it is allocated: files that unpack or expand to far more than their size are
 * refused.
 */
export class Budget {
  readonly #file: string;
  readonly #limit: number;
  #left: number;

  /**
   * @param file The name of the file, for errors.
   * @param size Its bytes.
   * @param limit Bytes that it may take: 1 GiB and 16 times its size by default.
   */
  constructor(file: string, size: number, limit: number = ALWAYS + TIMES_SIZE * size) {
    this.#file = file;
    this.#limit = this.#left = limit;
  }

  /**
   * Counts `bytes` that are about to be allocated.
   *
   * @param what What they are for, for errors.
   * @throws {RangeError} If that is more than the file may take.
   */
  take(bytes: number, what: string): void {
    if (!(bytes <= this.#left)) {
      throw new RangeError(
        `Cannot read ${this.#file} as it may take ${this.#limit} bytes of memory: ${what} takes ${bytes} more; ` +
          "give a larger { limit } if you trust the file",
      );
    }
    this.#left -= bytes;
  }

  /** Forgets what was taken: it has been given back. */
  renew(): void {
    this.#left = this.#limit;
  }
}
