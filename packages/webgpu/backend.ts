import type { Backend, BackendLaunch, BackendLimits, ByteRange, KernelCall, ViewSpec } from "@troodon/core";
import {
  isHalf,
  type LaunchProgram,
  type LaunchTimer,
  readOptions,
  type RunnableProgram,
} from "@troodon/core/kernel";
import { Bindings } from "./device/bindings.ts";
import { Failures } from "./device/failures.ts";
import { GpuError } from "./device/gpu_error.ts";
import { GpuTimes } from "./device/gpu_times.ts";
import { GpuMemory } from "./device/gpu_memory.ts";
import { Numbers } from "./device/numbers.ts";
import { adapterName, openDevice, type OpenedDevice } from "./device/open_device.ts";
import { Pipelines } from "./device/pipelines.ts";
import { BufferPool, type GpuBuffer } from "./device/pool.ts";
import { Readback } from "./device/readback.ts";
import { Spoiled } from "./device/spoiled.ts";
import { CommandStream } from "./device/stream.ts";
import { poolSteps } from "./kernels/pool2d.ts";
import { KERNELS, type Kernels, kernelsWithout } from "./kernels/mod.ts";
import { bufferLimit, DTYPES } from "./limits.ts";
import type { GpuView } from "./operands.ts";
import { WEBGPU_OPTIONS, type WebGpuOptions } from "./options.ts";
import { Launcher } from "./plan/launcher.ts";
import { GpuProgram, type GpuProgramParts } from "./program/gpu_program.ts";
import { WORK_LIMITS } from "./plan/work.ts";
import type { WebGpuReport } from "./report.ts";
import { Results } from "./results.ts";
import { STATUS_BYTES } from "./status.ts";
import type { WebGpuTuning } from "./tuning.ts";
import { writeBytes } from "./write_bytes.ts";

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
  readonly #stream: CommandStream;
  readonly #readback: Readback;
  readonly #results: Results;
  readonly #times: GpuTimes;
  readonly #kernels: Kernels;
  /** Parts that programs use. */
  readonly #parts: GpuProgramParts;
  /** Steps that one thread may take. */
  readonly #steps: number;
  #closed = false;
  #atEnd: () => void = () => {};

  /** A backend on a device that was opened; use {@linkcode WebGpuBackend.create}. */
  constructor({ device, info, features, traits }: OpenedDevice, tuning: WebGpuTuning = {}) {
    this.#device = device;
    this.#info = info;
    this.features = features;
    const most = device.limits, bufferBytes = bufferLimit(most);
    const limits = { ...WORK_LIMITS, bytes: bufferBytes, ...tuning.work };
    this.#steps = limits.steps;
    this.#failures = new Failures(device);
    const memory = new GpuMemory(device, this.#failures, tuning.memory);
    const numbers = new Numbers(device.queue, memory, tuning.numbers);
    const bindings = new Bindings(device, numbers.handle, tuning.bindings);
    const pipelines = new Pipelines(device, this.#failures, bindings, tuning.pipelines);
    const ahead = { operations: 2 * limits.operations, ...tuning.stream };
    const stream = this.#stream = new CommandStream(device, this.#failures, bindings, numbers, ahead);
    const pool = new BufferPool(memory, {
      limit: bufferBytes,
      ...(tuning.keptBytes !== undefined && { kept: tuning.keptBytes }),
      retire: (buffers) => {
        this.#stream.flush();
        bindings.drop(buffers);
      },
    });
    const readback = this.#readback = new Readback(memory, this.#stream, tuning.readback);
    const kernels = this.#kernels = tuning.kernels ?? KERNELS;
    // New memory of a GPU holds zeros: no report.
    const status = pool.allocate(STATUS_BYTES);
    const wait = () => readback.wait(status);
    if (readback.sync) this.#stream.waitBy(wait);
    const spoiled = new Spoiled(this.#stream);
    this.#stream.onRefusal(memory, (since, error) => spoiled.add(since, error));
    memory.serve({
      reclaim: () => {
        pool.trim();
        // Buffers are gone when the work that uses them is done.
        if (readback.sync) wait();
        readback.close();
      },
      handOver: () => this.#stream.flush(),
      blame: (error) => spoiled.blame(error),
    });
    this.#times = new GpuTimes(features, { device, memory, stream, readback });
    const parts = {
      traits,
      limits,
      kernels,
      queue: device.queue,
      failures: this.#failures,
      memory,
      pool,
      bindings,
      pipelines,
      stream,
      spoiled,
      readback,
      status,
      // One binding of a bind group is used for numbers.
      storageBuffers: Math.min(most.maxStorageBuffersPerShaderStage, most.maxBindingsPerBindGroup - 1),
    };
    const launcher = new Launcher(parts, tuning.launcher);
    this.#results = new Results({ ...parts, launcher });
    this.#parts = { ...parts, launcher, check: () => this.#open() };
    if (readback.sync) this.readSync = (buffer, range) => this.#readSync(buffer, range);
    this.limits = { dtypes: DTYPES, bufferBytes, launchBuffers: launcher.buffersTogether };
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
    const { pool, bindings, pipelines, launcher, memory } = this.#parts;
    return {
      ...this.#stream.report,
      buffers: pool.made,
      bindGroups: bindings.made,
      heldBindGroups: bindings.held,
      kernels: pipelines.made,
      plans: launcher.plans,
      pipelines: pipelines.held,
      liveBytes: pool.live,
      spareBytes: pool.spare,
      heldBytes: memory.held,
    };
  }

  /** See {@linkcode Backend}. */
  allocate(bytes: number): GpuBuffer {
    return this.#parts.pool.allocate(bytes);
  }

  /** See {@linkcode Backend}. */
  release(buffer: GpuBuffer): void {
    this.#parts.pool.release(buffer);
  }

  /** See {@linkcode Backend}. */
  write(buffer: GpuBuffer, data: Uint8Array, offset = 0): void {
    this.#open();
    if (buffer.lost) this.#parts.spoiled.check(buffer);
    writeBytes(this.#parts, buffer, data, offset);
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
    const { spoiled, launcher } = this.#parts;
    if (spoiled.any) spoiled.checkLaunch(call, inputs, outputs);
    launcher.launch(call, inputs, outputs);
  }

  /** Runs calls as if one after the other; dense maps of one body that have nothing to do with each other share a dispatch. */
  launchAll(launches: readonly BackendLaunch<GpuBuffer>[]): void {
    this.#open();
    const { spoiled, launcher } = this.#parts;
    if (spoiled.any) {
      for (const { call, inputs, outputs } of launches) spoiled.checkLaunch(call, inputs, outputs);
    }
    launcher.launchAll(launches);
  }

  /** See {@linkcode Backend}. */
  compile(program: LaunchProgram): RunnableProgram<GpuBuffer> {
    return new GpuProgram(this.#parts, program);
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

  /**
   * Resolves to the GPU seconds of the launches in `work`, by the GPU clock; null without the feature "timestamp-
   * query".
   */
  async timeGpu(work: () => void): Promise<number | null> {
    this.#open();
    return await this.#times.measure(work);
  }

  /** Times launches, each in its own pass; see {@linkcode Backend}. Null without the feature "timestamp-query". */
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
    this.#parts.pool.trim();
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
