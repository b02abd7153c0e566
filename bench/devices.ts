/** Devices that count what is done on them. */
import { tape } from "@troodon/autograd";
import {
  type Backend,
  Device,
  DTYPES,
  type KernelCall,
  type LaunchView,
  setDefaultDevice,
} from "@troodon/core";
import { type AdapterName, ADAPTERS, CountingGpu } from "@troodon/testing";
import { chooseDevice, WebGpuBackend } from "@troodon/troodon";
import { type KernelName, type Work, workOf } from "./work.ts";

/** What was done on a device. */
export interface Counts extends Work {
  /** Kernels that were launched. */
  readonly launches: number;
  /** Which they were. */
  readonly kernels: ReadonlySet<KernelName>;
  /** Buffers that were asked for. */
  readonly buffers: number;
  /** Their bytes. */
  readonly allocatedBytes: number;
  /** Of the largest of them. */
  readonly largestBytes: number;
  /** The most bytes that tensors held at once. */
  readonly peakBytes: number;
}

/** A device that counts launches and memory, whatever runs the kernels. */
export class MeteredDevice extends Device {
  #launches = 0;
  #flops = 0;
  #bytes = 0;
  #buffers = 0;
  #allocated = 0;
  #largest = 0;
  #kernels = new Set<KernelName>();

  /** A device that can differentiate. */
  constructor(backend: Backend) {
    super(backend, { tape });
  }

  /** What was done since the last `reset`. */
  get counts(): Counts {
    return {
      launches: this.#launches,
      kernels: new Set(this.#kernels),
      flops: this.#flops,
      bytes: this.#bytes,
      buffers: this.#buffers,
      allocatedBytes: this.#allocated,
      largestBytes: this.#largest,
      peakBytes: this.memory.peakBytes,
    };
  }

  /** Counts from here. */
  reset(): void {
    this.#launches =
      this.#flops =
      this.#bytes =
      this.#buffers =
      this.#allocated =
        0;
    this.#kernels.clear();
    this.memory.peakBytes = this.memory.bytes;
  }

  /** See {@linkcode Device}. */
  override allocate(bytes: number): object {
    this.#buffers++;
    this.#allocated += bytes;
    this.#largest = Math.max(this.#largest, bytes);
    return super.allocate(bytes);
  }

  /** Counts until disposed of: off while times are taken, as counting takes time too. */
  count(): Disposable {
    this.reset();
    return this.listen(({ call, inputs, outputs }) => this.#take(call, inputs, outputs));
  }

  #take(call: KernelCall, inputs: readonly LaunchView[], outputs: readonly LaunchView[]): void {
    const { flops, bytes } = workOf(call, inputs, outputs);
    this.#launches++;
    this.#flops += flops;
    this.#bytes += bytes;
    this.#kernels.add(call.kernel);
  }
}

/** A backend that has all kernels and runs none: for counting without waiting. */
class IdleBackend implements Backend {
  readonly name = "idle";
  readonly limits = { dtypes: DTYPES, bufferBytes: Infinity };

  describe(): string {
    return "idle: counts and calculates nothing";
  }

  allocate(): object {
    return {};
  }

  release(): void {}

  write(): void {}

  read(): Promise<Uint8Array> {
    return Promise.reject(new TypeError("Cannot read as nothing was calculated"));
  }

  supports(): boolean {
    return true;
  }

  launch(): void {}

  finish(): Promise<void> {
    return Promise.resolve();
  }

  [Symbol.dispose](): void {}
}

/** A device without memory and without results. */
export function idleDevice(): MeteredDevice {
  return new MeteredDevice(new IdleBackend());
}

/**
 * Opens a device and makes it the default. Takes the names of `chooseDevice()`, where `cpu`, `native`, `blas` and
 * `wasm` may be followed by `@` and a number of threads (`wasm@1`), or `counting` for a GPU that calculates nothing,
 * optionally with `@` and the name of its limits (`counting@metal`).
 */
export async function openDevice(name: string): Promise<MeteredDevice> {
  const device = new MeteredDevice(await openBackend(name));
  setDefaultDevice(device);
  return device;
}

async function openBackend(name: string): Promise<Backend> {
  const [kind, detail] = name.split("@") as [string, string?];
  if (kind !== "counting") return (await chooseDevice(name, { log: null })).backend;
  const limits = ADAPTERS[(detail ?? "vulkan") as AdapterName];
  if (limits === undefined) {
    throw new RangeError(
      `Cannot open a counting GPU as its limits must be of ${
        Object.keys(ADAPTERS).join(", ")
      }: current ones are ${detail}`,
    );
  }
  return new WebGpuBackend(new CountingGpu(limits, { records: false }).opened);
}

/** The largest work that is worth the wait on a device. */
export interface Capacity {
  readonly flops: number;
  /** Bytes that tensors hold at once. */
  readonly bytes: number;
  /** Bytes of one buffer. */
  readonly bufferBytes: number;
}

/** What every device can do in a moment. */
export const QUICK: Capacity = { flops: 2e7, bytes: 2 ** 23, bufferBytes: 2 ** 23 };

/** What `device` can do in a second or so. */
export function capacityOf({ backend }: Device): Capacity {
  const { bufferBytes } = backend.limits;
  if (backend.name === "reference") return QUICK;
  if (backend.name === "cpu") return { flops: 3e9, bytes: 2 ** 29, bufferBytes };
  return isSoftware(backend)
    ? { flops: 1e8, bytes: 2 ** 25, bufferBytes }
    : { flops: Infinity, bytes: 2 ** 31, bufferBytes };
}

/** Whether a GPU is none. */
export function isSoftware(backend: Backend): boolean {
  return /, a software adapter$/.test(backend.describe());
}
