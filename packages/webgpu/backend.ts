import type {
  Backend,
  BackendLaunch,
  BackendLimits,
  ByteRange,
  DType,
  FusedKernel,
  KernelCall,
  ViewSpec,
} from "@troodon/core";
import { isHalf, type LaunchTimer, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { Bindings } from "./device/bindings.ts";
import { Failures } from "./device/failures.ts";
import { GpuError } from "./device/gpu_error.ts";
import { GpuTimes } from "./device/gpu_times.ts";
import { GpuMemory } from "./device/gpu_memory.ts";
import { Numbers } from "./device/numbers.ts";
import { adapterName, type AdapterOptions, openDevice, type OpenedDevice } from "./device/open_device.ts";
import { Pipelines } from "./device/pipelines.ts";
import { BufferPool, type GpuBuffer, wholeFours } from "./device/pool.ts";
import { Readback } from "./device/readback.ts";
import { Spoiled } from "./device/spoiled.ts";
import { CommandStream } from "./device/stream.ts";
import { poolSteps } from "./kernels/pool2d.ts";
import { KERNELS, type Kernels, kernelsWithout } from "./kernels/mod.ts";
import type { GpuView } from "./operands.ts";
import { Launcher } from "./plan/launcher.ts";
import { WORK_LIMITS } from "./plan/work.ts";
import type { WebGpuReport } from "./report.ts";
import { Results } from "./results.ts";
import { STATUS_BYTES } from "./status.ts";
import type { WebGpuTuning } from "./tuning.ts";
import { writeBytes } from "./write_bytes.ts";

/** Options of {@linkcode WebGpuBackend.create}. */
export interface WebGpuOptions extends AdapterOptions {
  /** Fused kernels to do without: their composites run in place of them, which shows what each is worth. */
  readonly without?: readonly FusedKernel[];
  /**
   * Bytes of GPU memory that all tensors and what is kept for them may take; as many as the GPU has by default.
   * Memory is freed and asked for again at this bound as it is where the GPU has no more.
   */
  readonly memoryBytes?: number;
}
const WEBGPU_OPTIONS: OptionKeys<WebGpuOptions> = {
  without: true,
  memoryBytes: true,
  adapter: true,
  allowFallback: true,
  features: true,
  storageBuffers: true,
};

/**
 * Bytes of the largest buffer, whatever the device allows. Shaders number elements, and threads of grids that are a
 * little larger, by u32: elements of one byte leave room for that below 2^32.
 */
const ADDRESSABLE = 2 ** 32 - 2 ** 24;

/** All but float64, which GPUs do not calculate in. */
const DTYPES: readonly DType[] = ["float32", "float16", "bfloat16", "int32", "int64", "uint8", "bool"];

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
  readonly #memory: GpuMemory;
  readonly #bindings: Bindings;
  readonly #pipelines: Pipelines;
  readonly #pool: BufferPool;
  readonly #stream: CommandStream;
  readonly #readback: Readback;
  readonly #launcher: Launcher;
  readonly #spoiled: Spoiled;
  readonly #results: Results;
  readonly #times: GpuTimes;
  readonly #kernels: Kernels;
  /** Steps that one thread may take. */
  readonly #steps: number;
  #closed = false;
  #atEnd: () => void = () => {};

  /** A backend on a device that was opened; use {@linkcode WebGpuBackend.create}. */
  constructor({ device, info, features, traits }: OpenedDevice, tuning: WebGpuTuning = {}) {
    this.#device = device;
    this.#info = info;
    this.features = features;
    const most = device.limits;
    const bufferBytes = wholeFours(
      Math.min(most.maxBufferSize, most.maxStorageBufferBindingSize, ADDRESSABLE),
    );
    const limits = { ...WORK_LIMITS, bytes: bufferBytes, ...tuning.work };
    this.#steps = limits.steps;
    this.#failures = new Failures(device);
    this.#memory = new GpuMemory(device, this.#failures, tuning.memory);
    const numbers = new Numbers(device.queue, this.#memory, tuning.numbers);
    this.#bindings = new Bindings(device, numbers.handle, tuning.bindings);
    this.#pipelines = new Pipelines(device, this.#failures, this.#bindings, tuning.pipelines);
    const ahead = { operations: 2 * limits.operations, ...tuning.stream };
    const stream = this.#stream = new CommandStream(device, this.#failures, this.#bindings, numbers, ahead);
    this.#pool = new BufferPool(this.#memory, {
      limit: bufferBytes,
      ...(tuning.keptBytes !== undefined && { kept: tuning.keptBytes }),
      retire: (buffers) => {
        this.#stream.flush();
        this.#bindings.drop(buffers);
      },
    });
    const readback = this.#readback = new Readback(this.#memory, this.#stream, tuning.readback);
    this.#kernels = tuning.kernels ?? KERNELS;
    // New memory of a GPU holds zeros: no report.
    const status = this.#pool.allocate(STATUS_BYTES);
    const wait = () => readback.wait(status);
    if (readback.sync) this.#stream.waitBy(wait);
    const spoiled = this.#spoiled = new Spoiled(this.#stream);
    this.#stream.onRefusal(this.#memory, (since, error) => spoiled.add(since, error));
    this.#memory.serve({
      reclaim: () => {
        this.#pool.trim();
        // Buffers are gone when the work that uses them is done.
        if (readback.sync) wait();
        readback.close();
      },
      handOver: () => this.#stream.flush(),
      blame: (error) => spoiled.blame(error),
    });
    this.#times = new GpuTimes(features, { device, memory: this.#memory, stream, readback });
    this.#launcher = new Launcher({
      traits,
      limits,
      kernels: this.#kernels,
      pool: this.#pool,
      pipelines: this.#pipelines,
      stream,
      status,
      // One binding of a group is that of the numbers.
      storageBuffers: Math.min(most.maxStorageBuffersPerShaderStage, most.maxBindingsPerBindGroup - 1),
    }, tuning.launcher);
    this.#results = new Results({
      failures: this.#failures,
      spoiled,
      readback,
      stream,
      launcher: this.#launcher,
      status,
    });
    if (readback.sync) this.readSync = (buffer, range) => this.#readSync(buffer, range);
    this.limits = { dtypes: DTYPES, bufferBytes, launchBuffers: this.#launcher.buffersTogether };
  }

  /**
   * Opens a GPU.
   *
   * @throws {GpuError} If there is none, or only a software adapter and neither
   * its name nor `allowFallback` asks for it.
   */
  static async create(options?: WebGpuOptions): Promise<WebGpuBackend> {
    const own = readOptions("WebGpuBackend.create()", options, WEBGPU_OPTIONS);
    const { without = [], memoryBytes, ...adapter } = own;
    const backend = new WebGpuBackend(await openDevice(adapter), {
      kernels: kernelsWithout(without),
      ...(memoryBytes !== undefined && { memory: { bytes: memoryBytes } }),
    });
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
      heldBytes: this.#memory.held,
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
    if (buffer.lost) this.#spoiled.check(buffer);
    writeBytes({ pool: this.#pool, stream: this.#stream, launcher: this.#launcher }, buffer, data, offset);
  }

  /** See {@linkcode Backend}. */
  async read(buffer: GpuBuffer, range?: ByteRange): Promise<Uint8Array> {
    this.#open();
    return await this.#results.read(buffer, range);
  }

  /**
   * The mandatory families always, the fused ones for all dtypes, but for those that add to what they have stored in 16 bits,
   * and windows so large that one thread would take long for one.
   */
  supports(call: KernelCall, _inputs: readonly ViewSpec[], outputs: readonly ViewSpec[]): boolean {
    const inPlace = call.kernel === "maxPool2dGrad" && outputs.some((v) => isHalf(v.dtype));
    return !inPlace && poolSteps(call) <= this.#steps && Object.hasOwn(this.#kernels, call.kernel) &&
      outputs.every((v) => DTYPES.includes(v.dtype));
  }

  /** See {@linkcode Backend}. */
  launch(call: KernelCall, inputs: readonly GpuView[], outputs: readonly GpuView[]): void {
    this.#open();
    if (this.#spoiled.any) this.#spoiled.checkLaunch(call, inputs, outputs);
    this.#launcher.launch(call, inputs, outputs);
  }

  /** Runs calls as if one after the other; dense maps of one body that have nothing to do with each other share a dispatch. */
  launchAll(launches: readonly BackendLaunch<GpuBuffer>[]): void {
    this.#open();
    if (this.#spoiled.any) {
      for (const { call, inputs, outputs } of launches) this.#spoiled.checkLaunch(call, inputs, outputs);
    }
    this.#launcher.launchAll(launches);
  }

  /** See {@linkcode Backend}. */
  async finish(): Promise<void> {
    this.#open();
    await this.#results.finish();
  }

  /** See {@linkcode Backend}. */
  settle(): Promise<void> | null {
    return this.#readback.settle();
  }

  /** Seconds that the GPU takes for what `work` launches, by its own clock; null where it has none ("timestamp-query"). */
  async timeGpu(work: () => void): Promise<number | null> {
    this.#open();
    return await this.#times.measure(work);
  }

  /** See {@linkcode Backend}: each launch in a pass of its own; null without the feature "timestamp-query". */
  timeLaunches(): LaunchTimer | null {
    this.#open();
    return this.#times.timer();
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
    this.#times.close();
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
    return this.#results.readSync(buffer, range);
  }

  #open(): void {
    if (this.#closed) throw new GpuError("Cannot use the GPU as its backend was disposed of", { lost: true });
    if (this.#failures.lost) this.#failures.check();
  }
}
