/** A backend, and what every backend needs: memory accounts, random numbers, a tape. */
import type { Backend, BackendLaunch, View } from "./backend/contract.ts";
import type { KernelCall } from "./backend/kernel_call.ts";
import { defaultGenerator, type Generator } from "./random/generator.ts";
import type { Storage } from "./storage.ts";
import type { Tape } from "./tape.ts";

/** A view whose storage is still known, so that a launch can be recorded and replayed. */
export interface LaunchView extends View {
  /** What it is a view of. */
  readonly storage: Storage;
}

/** A kernel's call with what it reads and writes. */
export interface Launch extends BackendLaunch {
  /** What it reads. */
  readonly inputs: readonly LaunchView[];
  /** What it writes. */
  readonly outputs: readonly LaunchView[];
}

/** Bytes made outside of scopes after which {@linkcode Device.settle} waits. */
const SETTLE_AFTER = 2 ** 26;

/** What of a device's memory is in use. */
export interface MemoryReport {
  /** Buffers that tensors hold. */
  buffers: number;
  /** Their bytes. */
  bytes: number;
  /** The most bytes there were at once. */
  peakBytes: number;
  /** Buffers that were freed because the garbage collector found their tensors lost. */
  lost: number;
}

/** Options of {@linkcode Device}. */
export interface DeviceOptions {
  /** Who differentiates tensors made with `requiresGrad: true`: `tape` of `@troodon/autograd`. */
  readonly tape?: Tape;
  /** Where random numbers come from; the default generator otherwise. */
  readonly generator?: Generator;
  /** Remember where each tensor is disposed of, to name the place when it is used again. Slow. */
  readonly traceDisposal?: boolean;
}

/**
 * A place where tensors live and ops run.
 *
 * @example The reference device
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * assertEquals(tensor([1, 2], { device }).add(1).tolist(), [2, 3]);
 * ```
 */
export class Device implements Disposable {
  /** What runs the kernels. */
  readonly backend: Backend;
  /** Who differentiates tensors made with `requiresGrad: true`. */
  readonly tape: Tape | null;
  /** Where random numbers come from. */
  readonly generator: Generator;
  /** Whether places of disposal are remembered. */
  readonly traceDisposal: boolean;
  /** What is in use. */
  readonly memory: MemoryReport = { buffers: 0, bytes: 0, peakBytes: 0, lost: 0 };
  readonly #lost: FinalizationRegistry<{ buffer: object; bytes: number }>;
  readonly #listeners: ((launch: Launch) => void)[] = [];
  /** Bytes that lost handles may hold, as far as they have come since `settle` waited. */
  #unsettled = 0;

  /** A device that runs on `backend`. */
  constructor(backend: Backend, options: DeviceOptions = {}) {
    this.backend = backend;
    this.tape = options.tape ?? null;
    this.generator = options.generator ?? defaultGenerator();
    this.traceDisposal = options.traceDisposal ?? false;
    this.#lost = new FinalizationRegistry(({ buffer, bytes }) => {
      this.memory.lost++;
      this.free(buffer, bytes);
    });
  }

  /** "cpu", "webgpu", "reference". */
  get name(): string {
    return this.backend.name;
  }

  /** New memory; called by storages alone. */
  allocate(bytes: number): object {
    const { memory } = this;
    let buffer: object;
    try {
      buffer = this.backend.allocate(bytes);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new RangeError(
        `${error.message} in ${memory.buffers} buffers. If a loop makes them, free them at the end of each turn: ` +
          "begin its body with `using _ = new Scope();`",
        { cause: error },
      );
    }
    memory.buffers++;
    memory.bytes += bytes;
    if (memory.bytes > memory.peakBytes) memory.peakBytes = memory.bytes;
    return buffer;
  }

  /** Gives memory back; called by storages alone. */
  free(buffer: object, bytes: number): void {
    this.memory.buffers--;
    this.memory.bytes -= bytes;
    this.backend.release(buffer);
  }

  /** Frees the buffer of `storage` when the garbage collector finds that nobody holds it. */
  watch(storage: Storage, buffer: object, bytes: number): void {
    this.#unsettled += bytes;
    this.#lost.register(storage, { buffer, bytes }, storage);
  }

  /** Ends that. */
  unwatch(storage: Storage, bytes: number): void {
    // Never below 0, as `settle` forgets what is still watched.
    this.#unsettled = Math.max(0, this.#unsettled - bytes);
    this.#lost.unregister(storage);
  }

  /**
   * Lets what the garbage collector found be freed, if enough has been made
   * outside of scopes to be worth it; null if not. A loop that never waits for
   * more than a promise starves the collector's callbacks, so whoever drives a
   * loop calls this once a turn, as the DataLoader does.
   */
  settle(): Promise<void> | null {
    if (this.#unsettled < SETTLE_AFTER) return null;
    this.#unsettled = 0;
    return new Promise((resolve) => setTimeout(resolve, 0));
  }

  /** Runs one kernel. */
  launch(call: KernelCall, inputs: readonly LaunchView[], outputs: readonly LaunchView[]): void {
    this.backend.launch(call, inputs, outputs);
    for (const listener of this.#listeners) listener({ call, inputs, outputs });
  }

  /** Runs several as if one after the other, faster than by {@linkcode Device.launch} where the backend can. */
  launchAll(launches: readonly Launch[]): void {
    const { backend } = this;
    if (backend.launchAll) backend.launchAll(launches);
    else for (const { call, inputs, outputs } of launches) backend.launch(call, inputs, outputs);
    for (const listener of this.#listeners) launches.forEach((launch) => listener(launch));
  }

  /** Hears every launch until disposed of. */
  listen(listener: (launch: Launch) => void): Disposable {
    this.#listeners.push(listener);
    return {
      [Symbol.dispose]: () => {
        const at = this.#listeners.indexOf(listener);
        if (at >= 0) this.#listeners.splice(at, 1);
      },
    };
  }

  /** Resolves when all that was launched has run; throws what went wrong on the way. */
  finish(): Promise<void> {
    return this.backend.finish();
  }

  /** Gives up the backend and all its memory. */
  [Symbol.dispose](): void {
    this.backend[Symbol.dispose]();
  }

  /** "cpu: WebAssembly SIMD, 1 thread", as the backend puts it. */
  toString(): string {
    return this.backend.describe();
  }
}

let chosen: Device | null = null;

/** Makes `device` the one that creation functions use when none is given; null forgets it. */
export function setDefaultDevice(device: Device | null): void {
  chosen = device;
}

/** The device that was chosen, if one was. */
export function chosenDevice(): Device | null {
  return chosen;
}

/**
 * The device that creation functions use when none is given.
 *
 * @throws {TypeError} If none was chosen.
 */
export function defaultDevice(): Device {
  if (chosen === null) {
    throw new TypeError(
      "Cannot make a tensor as no device is chosen: start the program with `await chooseDevice()` " +
        'of "@troodon/troodon", or give { device }',
    );
  }
  return chosen;
}
