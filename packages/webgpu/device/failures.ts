/** Errors that a device reports late. */
import { GpuError } from "./gpu_error.ts";

/** Keeps the first error of a device until somebody waits for its results. Silent otherwise: Deno logs none. */
export class Failures {
  readonly #device: GPUDevice;
  readonly #scopes: Promise<void>[] = [];
  #first: Error | undefined;
  #lost = false;
  #closed = false;

  /** Listens to `device` from now on. */
  constructor(device: GPUDevice) {
    this.#device = device;
    device.addEventListener("uncapturederror", (event) => {
      event.preventDefault();
      this.note(failureOf((event as GPUUncapturedErrorEvent).error));
    });
    device.lost.then(({ reason, message }) => {
      if (this.#closed) return;
      this.#lost = true;
      this.#first = new GpuError(
        `Cannot use the GPU any more as its device was lost (${reason}): ${
          message || "no cause was given"
        }; ` +
          "open another and go on from the last checkpoint",
        { lost: true },
      );
    });
  }

  /** Whether the device is gone. */
  get lost(): boolean {
    return this.#lost;
  }

  /** Begins to hear of errors; each is answered by a `leave`. */
  enter(): void {
    this.#device.pushErrorScope("validation");
  }

  /** Errors since `enter` belong to `what`; `onError` hears of one that there was. */
  leave(what: string, onError?: (error: GpuError) => void): void {
    this.watch(this.#device.popErrorScope(), (error) => {
      const failure = failureOf(error, what);
      this.note(failure);
      onError?.(failure);
    });
  }

  /** Has {@linkcode Failures.settle} wait for a scope, of whose error `onError` hears. */
  watch(scope: Promise<GPUError | null>, onError: (error: GPUError) => void): void {
    const heard = scope.then((error) => {
      if (error) onError(error);
    }, () => {
      // A device that is lost has no scopes any more; `lost` says so.
    }).finally(() => {
      this.#scopes.splice(this.#scopes.indexOf(heard), 1);
    });
    this.#scopes.push(heard);
  }

  /** Keeps an error until somebody waits for results, unless there is an earlier one. */
  note(error: GpuError): void {
    this.#first ??= error;
  }

  /** Throws the first error there was. It is thrown once, but for the loss of the device. */
  check(): void {
    const error = this.#first;
    if (error === undefined) return;
    if (!this.#lost) this.#first = undefined;
    throw error;
  }

  /** Waits until all that was done so far has been judged. */
  async settle(): Promise<void> {
    while (this.#scopes.length > 0) await Promise.all(this.#scopes);
    this.check();
  }

  /** Throws the loss of the device, if that is behind an error: the runtime tells of it in a task of its own. */
  async hear(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve));
    if (this.#lost) this.check();
  }

  /** Ends it: the loss of a device that is destroyed is no error. */
  close(): void {
    this.#closed = true;
  }
}

function failureOf({ message }: GPUError, what: string = "a kernel"): GpuError {
  return new GpuError(`Cannot run ${what} on the GPU: ${message.trim()}`);
}
