/** A backend, and what every backend needs: memory accounts, random numbers, a tape. */
import type { Backend, ByteRange } from "./backend/contract.ts";
import type { KernelCall } from "./backend/kernel_call.ts";
import type { DeviceListener, DeviceWork, Launch, LaunchView } from "./device_listener.ts";
import { NOT_CLONEABLE } from "./not_cloneable.ts";
import { LostStorages } from "./lost_storages.ts";
import { defaultGenerator, type Generator } from "./random/generator.ts";
import { showAsText } from "./show.ts";
import type { Storage } from "./storage.ts";
import { currentRecorder } from "./tensor/recorder.ts";
import type { Tape } from "./tape.ts";
import { type OptionKeys, readOptions } from "./options.ts";

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
const DEVICE_OPTIONS: OptionKeys<DeviceOptions> = { tape: true, traceDisposal: true, generator: true };

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
  /** Has `structuredClone()` and `postMessage()` refuse a device, and with it its tensors: they say what to send. */
  readonly notCloneable: symbol = NOT_CLONEABLE;
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
  readonly #lost: LostStorages = new LostStorages(({ buffer, bytes, lease }) => {
    this.memory.lost++;
    if (lease === null) this.free(buffer, bytes);
    else lease.end();
  });
  /** Replaced as a whole, so that who is being told may add and remove. */
  #listeners: readonly DeviceListener[] = [];

  /** A device that runs on `backend`. */
  constructor(backend: Backend, options: DeviceOptions = {}) {
    options = readOptions(new.target.name, options, DEVICE_OPTIONS);
    this.backend = backend;
    this.tape = options.tape ?? null;
    this.generator = options.generator ?? defaultGenerator();
    this.traceDisposal = options.traceDisposal ?? false;
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
    currentRecorder()?.allocated(this, { buffer, bytes });
    if (this.#listeners.length > 0) this.#tellOfMemory(buffer, bytes);
    return buffer;
  }

  #tellOfMemory(buffer: object, bytes: number): void {
    try {
      for (const listener of this.#listeners) listener.allocate?.({ buffer, bytes });
    } catch (error) {
      this.free(buffer, bytes);
      throw error;
    }
  }

  /** Gives memory back; called by storages alone. */
  free(buffer: object, bytes: number): void {
    if (currentRecorder()?.freeing(this, { buffer, bytes })) return;
    this.memory.buffers--;
    this.memory.bytes -= bytes;
    this.backend.release(buffer);
    for (const listener of this.#listeners) listener.free?.({ buffer, bytes });
  }

  /** Frees the buffer of `storage` when the garbage collector finds that nobody holds it. */
  watch(storage: Storage): void {
    this.#lost.watch(storage);
  }

  /** Stops watching `storage` for garbage collection. */
  unwatch(storage: Storage): void {
    this.#lost.unwatch(storage);
  }

  /**
   * Lets what the garbage collector found be freed, if enough has been made
   * outside of scopes to be worth it; null if not. A loop that never waits for
   * more than a promise starves the collector's callbacks, so whatever is awaited
   * in loops waits for this: reading a tensor does, and every batch of a DataLoader.
   */
  settle(): Promise<void> | null {
    return this.#lost.settle() ?? this.backend.settle?.() ?? null;
  }

  /** Copies `data` to the memory of `storage`, from its byte `offset` on. */
  write(storage: Storage, data: Uint8Array, offset = 0): void {
    currentRecorder()?.writing(storage, data, offset);
    const start = storage.start + offset, { backend } = this;
    if (this.#listeners.length === 0) return backend.write(storage.buffer, data, start);
    this.#announced({ kind: "write" }, () => backend.write(storage.buffer, data, start));
    const transfer = { storage, range: { start, end: start + data.byteLength } };
    for (const listener of this.#listeners) listener.write?.(transfer, data);
  }

  /** A copy of bytes of the buffer of `storage`, when all work before is done. */
  async read(storage: Storage, range: ByteRange): Promise<Uint8Array> {
    currentRecorder()?.reading(storage);
    const reading = this.#announced({ kind: "read" }, () => this.backend.read(storage.buffer, range));
    for (const listener of this.#listeners) listener.read?.({ storage, range });
    const bytes = await reading;
    const settled = this.settle();
    if (settled !== null) await settled;
    return bytes;
  }

  /** Whether {@linkcode Device.readSync} can wait for the device. */
  get canReadSync(): boolean {
    return this.backend.readSync !== undefined;
  }

  /**
   * A copy of bytes of the buffer of `storage` at once.
   *
   * @throws {TypeError} If the backend cannot wait.
   */
  readSync(storage: Storage, range: ByteRange): Uint8Array {
    const { backend } = this;
    if (!backend.readSync) {
      throw new TypeError(
        `Cannot read synchronously from ${backend.name}: use await dataAsync(), or await itemAsync() for one number`,
      );
    }
    currentRecorder()?.reading(storage);
    const bytes = this.#announced({ kind: "read" }, () => backend.readSync!(storage.buffer, range));
    for (const listener of this.#listeners) listener.read?.({ storage, range });
    return bytes;
  }

  /** Bytes of `storage` in place, valid until it is released; null if they are not in the memory of the process. */
  hostBytes(storage: Storage, range: ByteRange): Uint8Array | null {
    currentRecorder()?.reading(storage);
    return this.backend.hostBytes?.(storage.buffer, range) ?? null;
  }

  /** Runs one kernel. */
  launch(call: KernelCall, inputs: readonly LaunchView[], outputs: readonly LaunchView[]): void {
    const recorder = currentRecorder(), { backend } = this;
    if (recorder !== null && recorder.launching(this, [{ call, inputs, outputs }])) return;
    if (this.#listeners.length === 0) return backend.launch(call, inputs, outputs);
    this.#announced({ kind: "launch", calls: [call] }, () => backend.launch(call, inputs, outputs));
    this.#tell(call, inputs, outputs);
  }

  /** Runs several as if one after the other, faster than by {@linkcode Device.launch} where the backend can. */
  launchAll(launches: readonly Launch[]): void {
    if (currentRecorder()?.launching(this, launches)) return;
    if (this.#listeners.length === 0) return this.#launchAll(launches);
    const calls = launches.map(({ call }) => call);
    this.#announced({ kind: "launch", calls }, () => this.#launchAll(launches));
    for (const { call, inputs, outputs } of launches) this.#tell(call, inputs, outputs);
  }

  #launchAll(launches: readonly Launch[]): void {
    const { backend } = this;
    if (backend.launchAll) backend.launchAll(launches);
    else for (const { call, inputs, outputs } of launches) backend.launch(call, inputs, outputs);
  }

  /** Runs backend work in `f`, and reports its start and end to listeners. */
  #announced<T>(work: DeviceWork, f: () => T): T {
    const listeners = this.#listeners;
    if (listeners.length === 0) return f();
    for (const listener of listeners) listener.begins?.(work);
    try {
      return f();
    } finally {
      for (const listener of listeners) listener.ends?.(work);
    }
  }

  /** Tells listeners of a launch, by views that outlive the tensors. */
  #tell(call: KernelCall, inputs: readonly LaunchView[], outputs: readonly LaunchView[]): void {
    if (this.#listeners.every((listener) => listener.launch === undefined)) return;
    const launch: Launch = { call, inputs: inputs.map(copyOf), outputs: outputs.map(copyOf) };
    for (const listener of this.#listeners) listener.launch?.(launch);
  }

  /**
   * Has `listener` hear what happens on this device, until what this returns is disposed of; a function hears
   * launches.
   *
   * @example Which kernels ran
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { Device, ReferenceBackend, tensor } from "@troodon/core";
   *
   * const device = new Device(new ReferenceBackend()), heard: string[] = [];
   * const x = tensor([1, 2, 3], { device });
   * {
   *   using _ = device.listen({ launch: ({ call }) => heard.push(call.kernel), read: () => heard.push("read") });
   *   x.mul(2).sum().item();
   * }
   * assertEquals(heard, ["map", "reduce", "read"]);
   * ```
   */
  listen(listener: DeviceListener | NonNullable<DeviceListener["launch"]>): Disposable {
    let entry: DeviceListener | null = typeof listener === "function" ? { launch: listener } : listener;
    this.#listeners = [...this.#listeners, entry];
    return {
      [Symbol.dispose]: () => {
        if (entry === null) return;
        const at = this.#listeners.indexOf(entry);
        this.#listeners = this.#listeners.toSpliced(at, 1);
        entry = null;
      },
    };
  }

  /** True if the device has a listener. */
  get isHeard(): boolean {
    return this.#listeners.length > 0;
  }

  /** Resolves when all that was launched has run; throws what went wrong on the way. */
  async finish(): Promise<void> {
    await this.backend.finish();
    const settled = this.settle();
    if (settled !== null) await settled;
  }

  /** Gives up the backend and all its memory. */
  [Symbol.dispose](): void {
    this.backend[Symbol.dispose]();
  }

  /** "cpu: WebAssembly SIMD, 1 thread", as the backend puts it. */
  toString(): string {
    return this.backend.describe();
  }

  static {
    showAsText(this);
  }
}

/** A view of its own: tensors lose theirs when they are disposed of. */
function copyOf({ buffer, storage, dtype, shape, strides, offset, end }: LaunchView): LaunchView {
  return { buffer, storage, dtype, shape, strides, offset, end };
}
