/** All memory that is taken on a device, and what happens where there is none left. */
import type { Failures } from "./failures.ts";
import { GpuError } from "./gpu_error.ts";

/** Options of {@linkcode GpuMemory}. */
export interface GpuMemoryOptions {
  /** Bytes that all buffers may take together; as many as the GPU has by default. */
  readonly bytes?: number;
  /** Bytes of a buffer that may well find no memory, where that is known late; 16 MiB by default. */
  readonly doubtful?: number;
}

/** Callbacks of a {@linkcode GpuMemory} to the backend around it. */
export interface MemoryUsers {
  /** Frees all memory that nobody uses, and waits until the GPU is done with it where the runtime can. */
  reclaim(): void;
  /** Hands over all that was recorded, so that it is not refused with work on a buffer that has no memory. */
  handOver(): void;
  /** Hears late that memory was missing, which is why the device refuses work. */
  blame(error: GpuError): void;
}

/** One buffer that is asked for. */
export interface MemoryRequest {
  /** Bytes of the buffer. */
  readonly size: number;
  /** A `GPUBufferUsage`. */
  readonly usage: number;
  /** Name of the buffer in errors of the device. */
  readonly label?: string;
  /** Maps the buffer at creation, for the host to write to it first. */
  readonly mappedAtCreation?: boolean;
  /** Called where the runtime tells only later that there was no memory: the buffer is of no use. */
  readonly onLost?: () => void;
}

/** Callbacks for a runtime that reports a failed allocation late. */
interface Lateness<T> {
  /** Called with what was made, before spare memory is freed. */
  readonly before?: (made: T) => void;
  /** Called with the error. */
  readonly after?: (error: GpuError) => void;
}

/**
 * Makes all buffers of a device. Where memory is missing, what is spare is freed and the buffer asked for again,
 * at once where the runtime tells so at once, as Deno does. Browsers tell later: what was calculated meanwhile is
 * refused then, and spare memory freed before the next buffers are made.
 */
export class GpuMemory {
  readonly #device: GPUDevice;
  readonly #failures: Failures;
  readonly #limit: number;
  readonly #doubtful: number;
  readonly #bytes = new Map<GPUBuffer, number>();
  #users: MemoryUsers | null = null;
  #held = 0;
  /** Bytes in use that once were too many. */
  #full = Infinity;
  #freeing = false;

  /** No memory yet. */
  constructor(
    device: GPUDevice,
    failures: Failures,
    { bytes = Infinity, doubtful = 2 ** 24 }: GpuMemoryOptions = {},
  ) {
    this.#device = device;
    this.#failures = failures;
    this.#limit = bytes;
    this.#doubtful = doubtful;
  }

  /** Bytes of all buffers that were made and not destroyed. */
  get held(): number {
    return this.#held;
  }

  /** Sets who has memory to give back. */
  serve(users: MemoryUsers): void {
    this.#users = users;
  }

  /**
   * A new buffer.
   *
   * @throws {RangeError} If there is no memory for it, where that is known at once.
   */
  take(request: MemoryRequest): GPUBuffer {
    const { size } = request;
    if (this.#held + size > this.#full) this.#free();
    const handle = this.#make(request);
    if (handle !== null) return handle;
    const freed = this.#free(), again = this.#make(request);
    if (again !== null) return again;
    throw new RangeError(this.#message(size, freed));
  }

  /** Destroys a buffer. */
  give(handle: GPUBuffer): void {
    handle.destroy();
    this.#forget(handle);
  }

  /**
   * Runs what takes memory of the driver, as a write does until it is done.
   *
   * @param bytes How much.
   * @param action Run again where there was none.
   * @param onLate Called where the runtime tells only later that there was none.
   * @throws {RangeError} If there is no memory for it, where that is known at once.
   */
  attempt(bytes: number, action: () => void, onLate: (error: GpuError) => void): void {
    const run = () => this.#scoped("write()", bytes, () => (action(), true), { after: onLate });
    if (run()) return;
    const freed = this.#free();
    if (!run()) throw new RangeError(this.#message(bytes, freed));
  }

  #make({ onLost, ...descriptor }: MemoryRequest): GPUBuffer | null {
    const { size } = descriptor, held = this.#held;
    if (held + size > this.#limit) return null;
    const create = (): GPUBuffer | null => {
      try {
        return this.#device.createBuffer(descriptor);
      } catch (error) {
        // The host has no memory to map.
        if (descriptor.mappedAtCreation && error instanceof RangeError) return null;
        throw error;
      }
    };
    const handle = this.#scoped("allocate()", size, create, {
      before: (handle) => {
        this.#forget(handle);
        this.#full = Math.min(this.#full, held + size - 1);
        onLost?.();
      },
    });
    if (handle === null) return null;
    this.#bytes.set(handle, size);
    this.#held += size;
    return handle;
  }

  /** Runs `action` and returns its result, or null if there was no memory for it. */
  #scoped<T>(what: string, bytes: number, action: () => T | null, late: Lateness<T>): T | null {
    this.#device.pushErrorScope("out-of-memory");
    this.#failures.enter();
    let result: T | null, scope: Promise<GPUError | null>;
    try {
      result = action();
    } finally {
      this.#failures.leave(what);
      scope = this.#device.popErrorScope();
      scope.catch(() => {});
    }
    const outcome = outcomeOf(scope);
    if (outcome === "late" && result !== null) {
      const made = result;
      if (bytes >= this.#doubtful) this.#users?.handOver();
      this.#failures.watch(scope, () => {
        late.before?.(made);
        const freed = this.#free(), failure = new GpuError(this.#message(bytes, freed));
        this.#failures.note(failure);
        this.#users?.blame(failure);
        late.after?.(failure);
      });
    }
    return outcome === "failed" ? null : result;
  }

  /** Frees what is spare, and says how many bytes that were. */
  #free(): number {
    if (this.#freeing || this.#users === null) return 0;
    const before = this.#held;
    this.#freeing = true;
    try {
      this.#users.reclaim();
    } finally {
      this.#freeing = false;
    }
    return before - this.#held;
  }

  #forget(handle: GPUBuffer): void {
    this.#held -= this.#bytes.get(handle) ?? 0;
    this.#bytes.delete(handle);
  }

  #message(bytes: number, freed: number): string {
    const why = this.#limit === Infinity
      ? "the memory of the GPU is full"
      : `the GPU backend has ${this.#limit} bytes in all`;
    return `Cannot allocate ${bytes} bytes as ${why}: use smaller batches; ` +
      `${freed} spare bytes were freed, and currently in use are ${this.#held}`;
  }
}

/**
 * The outcome of an error scope, if it is known already. In Deno a scope is judged when it is popped, but only a
 * promise says so, into which nothing but its text gives a look at once.
 */
function outcomeOf(scope: Promise<GPUError | null>): "made" | "failed" | "late" {
  if (!("Deno" in globalThis)) return "late";
  const text = Deno.inspect(scope);
  if (text === "Promise { null }") return "made";
  return /^Promise \{\s*<(pending|rejected)>/.test(text) ? "late" : "failed";
}
