/** Waiting for batches with a timeout. */
import { fileErrors } from "@troodon/io";

/** Milliseconds after which a loader without a timeout warns once that a batch is pending. */
const PATIENCE = 60_000;

/** Description of a pending batch. */
export interface Awaited {
  /** Name of the batch: "batch 3 of worker 0". */
  readonly what: string;
  /** Keeps the process from ending until the returned object is disposed. */
  readonly hold?: (() => Disposable) | undefined;
}

/** Waits for batches with a timeout; without one, warns once if a batch takes long. */
export class Patience {
  readonly #timeout: number;
  #said = false;

  /** Creates a waiter with a timeout in milliseconds; 0 means no timeout. */
  constructor(timeout: number) {
    this.#timeout = timeout;
  }

  /**
   * Resolves to the value of a promise.
   *
   * @throws {Deno.errors.TimedOut} If the promise does not settle within the timeout.
   */
  async wait<V>(promise: Promise<V>, { what, hold }: Awaited): Promise<V> {
    using _ = hold?.();
    const timeout = this.#timeout;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      const end = (): void => {
        if (timeout === 0) return this.#say(what);
        reject(new (fileErrors().TimedOut)(`Cannot load ${what} as it did not come within ${timeout} ms`));
      };
      timer = setTimeout(end, timeout || PATIENCE);
    });
    // The timer must not keep the program alive.
    if (timeout === 0) unref(timer);
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

/** Lets the program end before a timer does, where timers keep a program alive. */
function unref(timer: unknown): void {
  if (typeof Deno !== "undefined") Deno.unrefTimer(Number(timer));
  else (timer as { readonly unref?: () => void }).unref?.();
}
