import {
  type Backend,
  type BackendLimits,
  body,
  type ByteRange,
  type CallOf,
  type DType,
  expr,
  type KernelCall,
  type ViewSpec,
} from "@troodon/core";
import { GpuContext } from "./context.ts";
import { Bindings } from "./device/bindings.ts";
import { Failures } from "./device/failures.ts";
import { GpuError } from "./device/gpu_error.ts";
import { Numbers } from "./device/numbers.ts";
import { adapterName, type AdapterOptions, openDevice, type OpenedDevice } from "./device/open_device.ts";
import { Pipelines } from "./device/pipelines.ts";
import { BufferPool } from "./device/pool.ts";
import { Readback } from "./device/readback.ts";
import { CommandStream, wholeWords } from "./device/stream.ts";
import type { GpuBuffer, GpuView, Kernel } from "./kernel.ts";
import { MapBatch } from "./kernels/map_batch.ts";
import { KERNELS } from "./kernels/mod.ts";
import { reported, STATUS_BYTES } from "./status.ts";

/** Options of {@linkcode WebGpuBackend.create}. */
export type WebGpuOptions = AdapterOptions;

/** What a backend has done and holds so far. */
export interface WebGpuReport {
  /** Kernels that were run. */
  readonly dispatches: number;
  /** Times that work was handed over. */
  readonly submissions: number;
  /** Buffers that were ever made. */
  readonly buffers: number;
  /** Bind groups that were ever made. */
  readonly bindGroups: number;
  /** Kernels that were compiled. */
  readonly kernels: number;
  /** Bytes of buffers in use. */
  readonly liveBytes: number;
  /** Bytes of buffers that wait to be used again. */
  readonly spareBytes: number;
}

/** All but float64, which GPUs do not calculate in. */
const DTYPES: readonly DType[] = ["float32", "float16", "bfloat16", "int32", "uint8", "bool"];

const COPY = body(expr.input(0));

/**
 * Kernels in WGSL on the GPU that `navigator.gpu` gives. Calls are recorded and
 * run when a result is wanted; elements lie in memory as on the host, and are
 * calculated with in float32 or int32.
 */
export class WebGpuBackend implements Backend<GpuBuffer> {
  /** How it is asked for. */
  readonly name: string = "webgpu";
  readonly limits: BackendLimits;
  /** What was granted of shader-f16, subgroups and timestamp-query. */
  readonly features: ReadonlySet<string>;
  /** See {@linkcode Backend}; only where the runtime can wait for a GPU. */
  readonly readSync?: (buffer: GpuBuffer, range?: ByteRange) => Uint8Array;
  readonly #device: GPUDevice;
  readonly #info: GPUAdapterInfo;
  readonly #failures: Failures;
  readonly #bindings: Bindings;
  readonly #pipelines: Pipelines;
  readonly #pool: BufferPool;
  readonly #stream: CommandStream;
  readonly #readback: Readback;
  readonly #context: GpuContext;
  readonly #batch: MapBatch;
  readonly #numbers: Numbers;
  #closed = false;
  #atEnd: () => void = () => {};

  /** A backend on a device that was opened; use {@linkcode WebGpuBackend.create}. */
  constructor({ device, info, features, traits }: OpenedDevice) {
    this.#device = device;
    this.#info = info;
    this.features = features;
    const bufferBytes = Math.min(device.limits.maxBufferSize, device.limits.maxStorageBufferBindingSize);
    this.limits = { dtypes: DTYPES, bufferBytes };
    this.#failures = new Failures(device);
    this.#numbers = new Numbers(device);
    this.#bindings = new Bindings(device, this.#numbers.handle);
    this.#pipelines = new Pipelines(device, this.#failures, this.#bindings);
    this.#stream = new CommandStream(device, this.#failures, this.#bindings, this.#numbers);
    this.#pool = new BufferPool(device, this.#failures, bufferBytes, (buffers) => {
      this.#batch.end();
      this.#stream.flush();
      this.#bindings.drop(buffers);
    });
    this.#readback = new Readback(device, this.#stream);
    if (this.#readback.sync) this.readSync = (buffer, range) => this.#readSync(buffer, range);
    this.#context = new GpuContext(traits, this.#pool, this.#pipelines, this.#stream);
    this.#batch = new MapBatch(this.#context, device.limits.maxStorageBuffersPerShaderStage);
  }

  /**
   * Opens a GPU.
   *
   * @throws {GpuError} If there is none, or only a software adapter and neither
   * its name nor `allowFallback` asks for it.
   */
  static async create(options: WebGpuOptions = {}): Promise<WebGpuBackend> {
    const backend = new WebGpuBackend(await openDevice(options));
    if ("Deno" in globalThis) backend.#closeAtEnd();
    return backend;
  }

  /** "webgpu: NVIDIA H100". */
  describe(): string {
    const kind = this.#info.isFallbackAdapter ? ", a software adapter" : "";
    return `webgpu: ${adapterName(this.#info)}${kind}`;
  }

  /** Whether the device is gone, and with it all tensors on it. Known a task after it happened. */
  get lost(): boolean {
    return this.#failures.lost;
  }

  /** Takes the device away, as a driver may: for trying what a program makes of it. */
  loseDevice(): void {
    this.#device.destroy();
  }

  /** What was done so far, for tests and measurements. */
  get report(): WebGpuReport {
    return {
      ...this.#stream.report,
      buffers: this.#pool.made,
      bindGroups: this.#bindings.made,
      kernels: this.#pipelines.made,
      liveBytes: this.#pool.live,
      spareBytes: this.#pool.spare,
    };
  }

  /** See {@linkcode Backend}. */
  allocate(bytes: number): GpuBuffer {
    return this.#pool.allocate(bytes);
  }

  /** See {@linkcode Backend}. */
  release(buffer: GpuBuffer): void {
    this.#pool.release(buffer);
  }

  /** See {@linkcode Backend}. */
  write(buffer: GpuBuffer, data: Uint8Array, offset = 0): void {
    this.#open();
    const end = offset + data.byteLength;
    if (end > buffer.bytes) {
      throw new RangeError(
        `Cannot write bytes ${offset} to ${end} as the buffer has ${buffer.bytes}`,
      );
    }
    if (data.byteLength === 0) return;
    this.#batch.end();
    if (offset % 4 === 0 && (end % 4 === 0 || end === buffer.bytes)) {
      this.#stream.write(buffer, wholeWords(data), offset);
      return;
    }
    // Words that are shared with bytes around: a kernel puts single bytes in.
    const staged = this.#pool.allocate(data.byteLength);
    this.#stream.write(staged, wholeWords(data), 0);
    const view = { dtype: "uint8", shape: [data.byteLength], strides: [1] } as const;
    this.launch(
      { kernel: "map", body: COPY, compute: "int32", scalars: [], shape: view.shape },
      [{ ...view, offset: 0, buffer: staged }],
      [{ ...view, offset, buffer }],
    );
    this.#pool.release(staged);
  }

  /** See {@linkcode Backend}. */
  async read(buffer: GpuBuffer, range?: ByteRange): Promise<Uint8Array> {
    this.#open();
    const pieces = this.#pieces(buffer, range);
    try {
      const found = this.#readback.sync ? this.#readback.readSync(pieces) : await this.#readback.read(pieces);
      await this.#failures.settle();
      this.#judge(found[1]);
      return found[0]!;
    } catch (error) {
      if (error instanceof DOMException) await this.#failures.hear();
      throw error;
    }
  }

  /** See {@linkcode Backend}. */
  supports(call: KernelCall, _inputs: readonly ViewSpec[], outputs: readonly ViewSpec[]): boolean {
    return Object.hasOwn(KERNELS, call.kernel) && outputs.every((v) => DTYPES.includes(v.dtype));
  }

  /** See {@linkcode Backend}. */
  launch(call: KernelCall, inputs: readonly GpuView[], outputs: readonly GpuView[]): void {
    this.#open();
    if (call.kernel === "map") {
      if (this.#batch.take(call, inputs, outputs)) return;
      this.#batch.flush();
    } else {
      this.#batch.end();
    }
    this.#run(call.kernel, call, inputs, outputs);
    this.#context.clear();
  }

  /** See {@linkcode Backend}. */
  async finish(): Promise<void> {
    this.#open();
    // Reading waits for the GPU; a promise for submitted work would take 10 ms more.
    await this.read(this.#context.status, { start: 0, end: 4 });
  }

  /** Destroys the device and all that is on it. */
  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    removeEventListener("unload", this.#atEnd);
    this.#failures.close();
    this.#batch.end();
    this.#stream.flush();
    this.#pool.trim();
    this.#readback.close();
    this.#device.destroy();
  }

  /** Drivers have been seen to crash in a process that ends with a device open. */
  #closeAtEnd(): void {
    const backend = new WeakRef(this);
    this.#atEnd = () => backend.deref()?.[Symbol.dispose]();
    addEventListener("unload", this.#atEnd);
  }

  #readSync(buffer: GpuBuffer, range?: ByteRange): Uint8Array {
    this.#open();
    const [bytes, status] = this.#readback.readSync(this.#pieces(buffer, range));
    this.#failures.check();
    this.#judge(status);
    return bytes!;
  }

  #pieces(buffer: GpuBuffer, { start, end }: ByteRange = { start: 0, end: buffer.bytes }) {
    if (start < 0 || end > buffer.bytes || start > end) {
      throw new RangeError(`Cannot read bytes ${start} to ${end} as the buffer has ${buffer.bytes}`);
    }
    this.#batch.end();
    const piece = { buffer, start, end };
    return this.#context.suspicious
      ? [piece, { buffer: this.#context.status, start: 0, end: STATUS_BYTES }]
      : [piece];
  }

  /** Throws what a kernel reported. */
  #judge(status: Uint8Array | undefined): void {
    if (status === undefined) return;
    this.#context.suspicious = false;
    const error = reported(status);
    if (error === undefined) return;
    this.#context.clearStatus();
    throw error;
  }

  #open(): void {
    if (this.#closed) throw new GpuError("Cannot use the GPU as its backend was disposed of", { lost: true });
    if (this.#failures.lost) this.#failures.check();
  }

  #run<K extends KernelCall["kernel"]>(
    name: K,
    call: CallOf<K>,
    inputs: readonly GpuView[],
    outputs: readonly GpuView[],
  ): void {
    const kernel = KERNELS[name] as Kernel<CallOf<K>> | undefined;
    if (kernel === undefined) {
      throw new TypeError(`Cannot launch ${name}() as webgpu has no such kernel: ask supports() first`);
    }
    kernel(this.#context, call, inputs, outputs);
  }
}
