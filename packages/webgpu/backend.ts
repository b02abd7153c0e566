import {
  type Backend,
  type BackendLaunch,
  type BackendLimits,
  body,
  type ByteRange,
  type DType,
  expr,
  type FusedKernel,
  isHalf,
  type KernelCall,
  type ViewSpec,
} from "@troodon/core";
import { Bindings } from "./device/bindings.ts";
import { GpuClock } from "./device/clock.ts";
import { Failures } from "./device/failures.ts";
import { GpuError } from "./device/gpu_error.ts";
import { Numbers } from "./device/numbers.ts";
import { adapterName, type AdapterOptions, openDevice, type OpenedDevice } from "./device/open_device.ts";
import { Pipelines } from "./device/pipelines.ts";
import { BufferPool, type GpuBuffer } from "./device/pool.ts";
import { Readback } from "./device/readback.ts";
import { CommandStream, wholeWords } from "./device/stream.ts";
import { KERNELS, type Kernels, kernelsWithout } from "./kernels/mod.ts";
import type { GpuView } from "./operands.ts";
import { Launcher } from "./plan/launcher.ts";
import { WORK_LIMITS } from "./plan/work.ts";
import type { WebGpuReport } from "./report.ts";
import { reported, STATUS_BYTES } from "./status.ts";
import type { WebGpuTuning } from "./tuning.ts";

/** Options of {@linkcode WebGpuBackend.create}. */
export interface WebGpuOptions extends AdapterOptions {
  /** Fused kernels to do without: their composites run in place of them, which shows what each is worth. */
  readonly without?: readonly FusedKernel[];
}

/** All but float64, which GPUs do not calculate in. */
const DTYPES: readonly DType[] = ["float32", "float16", "bfloat16", "int32", "int64", "uint8", "bool"];

const COPY = body(expr.input(0));

/**
 * Kernels in WGSL on the GPU that `navigator.gpu` gives. Calls are recorded and
 * run when a result is wanted; elements lie in memory as on the host, and are
 * calculated with in float32, int32 or pairs of words.
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
  readonly #launcher: Launcher;
  readonly #kernels: Kernels;
  readonly #status: GpuBuffer;
  #clock: GpuClock | null = null;
  #closed = false;
  #atEnd: () => void = () => {};

  /** A backend on a device that was opened; use {@linkcode WebGpuBackend.create}. */
  constructor({ device, info, features, traits }: OpenedDevice, tuning: WebGpuTuning = {}) {
    this.#device = device;
    this.#info = info;
    this.features = features;
    const most = device.limits, limits = { ...WORK_LIMITS, ...tuning.work };
    const bufferBytes = Math.min(most.maxBufferSize, most.maxStorageBufferBindingSize);
    this.limits = { dtypes: DTYPES, bufferBytes };
    this.#failures = new Failures(device);
    const numbers = new Numbers(device, tuning.numbers);
    this.#bindings = new Bindings(device, numbers.handle, tuning.bindings);
    this.#pipelines = new Pipelines(device, this.#failures, this.#bindings, tuning.pipelines);
    const stream = { operations: 2 * limits.operations, ...tuning.stream };
    this.#stream = new CommandStream(device, this.#failures, this.#bindings, numbers, stream);
    this.#pool = new BufferPool(device, this.#failures, {
      limit: bufferBytes,
      ...(tuning.keptBytes !== undefined && { kept: tuning.keptBytes }),
      retire: (buffers) => {
        this.#stream.flush();
        this.#bindings.drop(buffers);
      },
    });
    this.#readback = new Readback(device, this.#stream, tuning.readback);
    if (this.#readback.sync) this.readSync = (buffer, range) => this.#readSync(buffer, range);
    this.#kernels = tuning.kernels ?? KERNELS;
    // New memory of a GPU holds zeros: no report.
    this.#status = this.#pool.allocate(STATUS_BYTES);
    if (this.#readback.sync) this.#stream.waitBy(() => this.#readback.wait(this.#status));
    this.#launcher = new Launcher({
      traits,
      limits,
      kernels: this.#kernels,
      pool: this.#pool,
      pipelines: this.#pipelines,
      stream: this.#stream,
      status: this.#status,
      // One binding of a group is that of the numbers.
      storageBuffers: Math.min(most.maxStorageBuffersPerShaderStage, most.maxBindingsPerBindGroup - 1),
    }, tuning.launcher);
  }

  /**
   * Opens a GPU.
   *
   * @throws {GpuError} If there is none, or only a software adapter and neither
   * its name nor `allowFallback` asks for it.
   */
  static async create({ without = [], ...options }: WebGpuOptions = {}): Promise<WebGpuBackend> {
    const backend = new WebGpuBackend(await openDevice(options), { kernels: kernelsWithout(without) });
    if ("Deno" in globalThis) backend.#closeAtEnd();
    return backend;
  }

  /** "webgpu: NVIDIA H100". */
  describe(): string {
    return `webgpu: ${adapterName(this.#info)}${this.#info.isFallbackAdapter ? ", a software adapter" : ""}`;
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
      heldBindGroups: this.#bindings.held,
      kernels: this.#pipelines.made,
      plans: this.#launcher.plans,
      pipelines: this.#pipelines.held,
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

  /** The mandatory families always, the fused ones for all dtypes, but for those that add to what they have stored in 16 bits. */
  supports(call: KernelCall, _inputs: readonly ViewSpec[], outputs: readonly ViewSpec[]): boolean {
    const inPlace = call.kernel === "maxPool2dGrad" && outputs.some((v) => isHalf(v.dtype));
    return !inPlace && Object.hasOwn(this.#kernels, call.kernel) &&
      outputs.every((v) => DTYPES.includes(v.dtype));
  }

  /** See {@linkcode Backend}. */
  launch(call: KernelCall, inputs: readonly GpuView[], outputs: readonly GpuView[]): void {
    this.#open();
    this.#launcher.launch(call, inputs, outputs);
  }

  /** Runs calls as if one after the other; dense maps of one body that have nothing to do with each other share a dispatch. */
  launchAll(launches: readonly BackendLaunch<GpuBuffer>[]): void {
    this.#open();
    this.#launcher.launchAll(launches);
  }

  /** See {@linkcode Backend}. */
  async finish(): Promise<void> {
    this.#open();
    // Reading waits for the GPU; a promise for submitted work would take 10 ms more.
    await this.read(this.#status, { start: 0, end: 4 });
  }

  /**
   * Seconds that the GPU takes for what `work` launches, by its own clock; null where it has none ("timestamp-query").
   *
   * @throws {RangeError} If that is more than 512 submissions.
   */
  async timeGpu(work: () => void): Promise<number | null> {
    this.#open();
    if (!this.features.has("timestamp-query")) return null;
    const clock = this.#clock ??= new GpuClock(this.#device);
    this.#stream.timed(clock, work);
    return await clock.read(this.#readback);
  }

  /** Destroys the device and all that is on it. */
  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    removeEventListener("unload", this.#atEnd);
    this.#failures.close();
    this.#stream.flush();
    this.#pool.trim();
    this.#readback.close();
    this.#clock?.close();
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
    const piece = { buffer, start, end };
    return this.#launcher.suspicious
      ? [piece, { buffer: this.#status, start: 0, end: STATUS_BYTES }]
      : [piece];
  }

  /** Throws what a kernel reported. */
  #judge(status: Uint8Array | undefined): void {
    if (status === undefined) return;
    this.#launcher.suspicious = false;
    const error = reported(status);
    if (error === undefined) return;
    this.#clearStatus();
    throw error;
  }

  #open(): void {
    if (this.#closed) throw new GpuError("Cannot use the GPU as its backend was disposed of", { lost: true });
    if (this.#failures.lost) this.#failures.check();
  }

  #clearStatus(): void {
    this.#stream.write(this.#status, new Uint8Array(STATUS_BYTES), 0);
  }
}
