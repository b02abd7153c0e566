/** Waiting for batches. */

/** Milliseconds after which a loader without a timeout says, once, that it waits. */
const PATIENCE = 60_000;

/** What is known of a batch that is awaited. */
export interface Awaited {
  /** Its name: "batch 3 of worker 0". */
  readonly what: string;
  /** Keeps the process from ending until the returned object is disposed. */
  readonly hold?: (() => Disposable) | undefined;
}

/** Waits for batches no longer than a timeout; without one it says once that a batch is long in coming. */
export class Patience {
  readonly #timeout: number;
  #said = false;

  /** Waits `timeout` milliseconds, or for ever if that is 0. */
  constructor(timeout: number) {
    this.#timeout = timeout;
  }

  /**
   * Resolves to the value of a promise.
   *
   * @throws {Deno.errors.TimedOut} If it did not come within the timeout.
   */
  async wait<V>(promise: Promise<V>, { what, hold }: Awaited): Promise<V> {
    using _ = hold?.();
    const timeout = this.#timeout;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      const end = (): void => {
        if (timeout === 0) return this.#say(what);
        reject(new Deno.errors.TimedOut(`Cannot load ${what} as it did not come within ${timeout} ms`));
      };
      timer = setTimeout(end, timeout || PATIENCE);
    });
    // A batch that nobody will bring is no reason for a program to go on.
    if (timeout === 0) Deno.unrefTimer(Number(timer));
    try {
      return await Promise.race([promise, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #say(what: string): void {
    if (this.#said) return;
    this.#said = true;
    console.warn(
      `A DataLoader has waited ${PATIENCE / 1000} s for ${what}, and goes on waiting: ` +
        "{ timeout: milliseconds } makes an error of it",
    );
  }
}
