/** The backend contract on the processor. */
import {
  type Backend,
  type BackendLaunch,
  type BackendLimits,
  type ByteRange,
  DTYPES,
  type FusedKernel,
  type KernelCall,
  type View,
  type ViewSpec,
} from "@troodon/core";
import { type LaunchProgram, type OptionKeys, readOptions, type RunnableProgram } from "@troodon/core/kernel";
import { openBlas } from "./blas/native.ts";
import { CpuContext } from "./context.ts";
import { openNative } from "./machine_code/open.ts";
import { Maps } from "./kernels/map/maps.ts";
import { type Kernels, kernelsWithout, launchKernel, supports } from "./kernels/mod.ts";
import { type CpuBuffer, CpuMemory, type CpuMemoryReport } from "./memory.ts";
import type { PlanLimits } from "./plan/plan_cache.ts";
import { CpuProgram } from "./program/cpu_program.ts";
import { defaultThreads } from "./threads/count.ts";
import { hasRelaxedSimd, hasSimd } from "./targets/wasm/features.ts";
import { checkLayout } from "./view.ts";

/** Options of {@linkcode CpuBackend}. */
export interface CpuBackendOptions {
  /**
   * How many threads work, the main thread included. By default the number in the variable
   * `TROODON_NUM_THREADS`, if it may be read and is set, else that of processors, but at most 8. At most twice as many as
   * processors, or 16.
   */
  readonly threads?: number;
  /** Nanoseconds of work that are worth a task of their own; 15,000 by default. With 0 all is split that can be. */
  readonly grain?: number;
  /**
   * A native BLAS for large products: "auto" for the first that is found if `--allow-ffi` was given, "off" for
   * none, or the path of a library. By default the variable `TROODON_BLAS`, if it may be read and is set, else "auto".
   */
  readonly blas?: string;
  /**
   * Native code in place of WebAssembly: "auto" uses instruction sets that have passed all tests if `--allow-ffi` was
   * given, "off" uses none, and "avx2", "avx512" or "neon" throw an error if they cannot be used. The default is the
   * variable `TROODON_NATIVE`, if it is set and may be read, else "auto".
   */
  readonly native?: "auto" | "off" | "avx2" | "avx512" | "neon";
  /** Limits of the plan cache: 4096 calls and 32 MiB by default. */
  readonly plans?: PlanLimits;
  /** Fused kernels to do without: the ops run what they are made of instead. */
  readonly without?: readonly FusedKernel[];
}
const CPU_BACKEND_OPTIONS: OptionKeys<CpuBackendOptions> = {
  threads: true,
  grain: true,
  blas: true,
  native: true,
  plans: true,
  without: true,
};

/**
 * Tensors in one WebAssembly memory of up to 4 GiB, and kernels of SIMD
 * instructions, assembled at run time for the expressions and layouts that occur.
 * Runs each call as it is made; `readSync` is always there.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, tensor } from "@troodon/core";
 * import { CpuBackend } from "@troodon/cpu";
 *
 * using device = new Device(new CpuBackend());
 * const a = tensor([[1, 2], [3, 4]], { device });
 * assertEquals(a.matmul(a).tolist(), [[7, 10], [15, 22]]);
 * ```
 */
export class CpuBackend implements Backend<CpuBuffer> {
  /** How it is asked for. */
  readonly name: string = "cpu";
  /** All dtypes. */
  readonly limits: BackendLimits;
  readonly #memory: CpuMemory;
  /** In a few words, whether a native BLAS is used, and why or why not. */
  readonly blas: string;
  /** Operations that go to the native BLAS, and the measurement behind this rule; null if there is none. */
  readonly blasRule: string | null;
  /** Says in a few words if native code runs in place of WebAssembly, and why or why not. */
  readonly native: string;
  readonly #context: CpuContext;
  readonly #kernels: Kernels;
  readonly #maps: Maps;

  /**
   * A backend with a memory of its own. Workers start when there is enough work for them.
   *
   * @throws {TypeError} If there is no WebAssembly with SIMD, or none may be made.
   */
  constructor(options?: CpuBackendOptions) {
    const own = readOptions(new.target.name, options, CPU_BACKEND_OPTIONS);
    const { threads = defaultThreads(), blas, native, without = [], ...rest } = own;
    if (!CpuBackend.isAvailable()) {
      throw new TypeError(
        "Cannot open the CPU backend as WebAssembly with SIMD must be allowed: the engine is without a compiler " +
          "(--jitless), or the policy of the page is without 'wasm-unsafe-eval'. The reference backend needs neither",
      );
    }
    this.#memory = new CpuMemory();
    this.#kernels = kernelsWithout(without);
    const emitted = openNative(native, this.#memory);
    this.native = emitted.why;
    this.#context = new CpuContext(this.#memory, { ...rest, threads, native: emitted.code });
    this.#maps = new Maps(this.#context);
    const opened = openBlas(blas, this.#memory, emitted.code !== null);
    this.#context.blas = opened.blas;
    this.blas = opened.why;
    this.blasRule = opened.rule;
    this.#shareThreads();
    this.limits = { dtypes: DTYPES, bufferBytes: this.#memory.limit, roundsSteps: true };
  }

  /** Returns true if the runtime has WebAssembly with SIMD and permits compiling it. */
  static isAvailable(): boolean {
    return hasSimd();
  }

  /** What of the memory is in use. */
  get memory(): CpuMemoryReport {
    return this.#memory.report;
  }

  /** Names of the instruction set of native code, and of the native BLAS; null if not used. */
  get engines(): { readonly native: string | null; readonly blas: string | null } {
    const { native, blas } = this.#context;
    return { native: native?.target.name ?? null, blas: blas?.name ?? null };
  }

  /** How many threads work, the main thread included. Results do not depend on it, but for the last bits where a native BLAS is used. */
  getNumThreads(): number {
    return this.#context.threads.count;
  }

  /** Sets how many threads work, the main thread included; a RangeError if there are none, or far more than processors. */
  setNumThreads(count: number): void {
    this.#context.threads.count = count;
    this.#shareThreads();
  }

  /** A native BLAS takes as many threads; it never works at the same time. */
  #shareThreads(): void {
    if (this.#context.blas) this.#context.blas.threads = this.getNumThreads();
  }

  /** See {@linkcode Backend}. */
  describe(): string {
    const threads = this.getNumThreads();
    const { native, blas } = this.engines;
    const code = native === null ? wasm() : `native ${native}`;
    return `cpu: ${code}${blas === null ? "" : ` + ${blas}`}, ${threads} thread${threads > 1 ? "s" : ""}`;
  }

  /** Aligned to 64 bytes; a RangeError when 4 GiB are in use. */
  allocate(bytes: number): CpuBuffer {
    try {
      return this.#memory.allocate(bytes);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      // Tables of plans lie between large buffers, and are soon made again.
      this.#context.plans.clear();
      return this.#memory.allocate(bytes);
    }
  }

  /** See {@linkcode Backend}. */
  release(buffer: CpuBuffer): void {
    this.#memory.release(buffer);
  }

  /** See {@linkcode Backend}. */
  write({ pointer }: CpuBuffer, data: Uint8Array, offset = 0): void {
    this.#memory.u8.set(data, pointer + offset);
  }

  /** See {@linkcode Backend}. */
  read(buffer: CpuBuffer, range?: ByteRange): Promise<Uint8Array> {
    return Promise.resolve(this.readSync(buffer, range));
  }

  /** See {@linkcode Backend}. */
  readSync({ pointer, bytes }: CpuBuffer, { start, end }: ByteRange = { start: 0, end: bytes }): Uint8Array {
    const copy = new Uint8Array(end - start);
    copy.set(this.#memory.u8.subarray(pointer + start, pointer + end));
    return copy;
  }

  /** See {@linkcode Backend}. */
  hostBytes({ pointer }: CpuBuffer, { start, end }: ByteRange): Uint8Array {
    return this.#memory.u8.subarray(pointer + start, pointer + end);
  }

  /** The mandatory families always, the fused ones for float32, some for float64. */
  supports(call: KernelCall, inputs: readonly ViewSpec[], _outputs: readonly ViewSpec[]): boolean {
    return supports(this.#kernels, call, inputs);
  }

  /** Runs a call at once; throws a RangeError for an index outside its view, or a view outside its buffer. */
  launch(call: KernelCall, inputs: readonly View<CpuBuffer>[], outputs: readonly View<CpuBuffer>[]): void {
    for (let i = 0; i < inputs.length; i++) checkLayout(inputs[i]!);
    for (let i = 0; i < outputs.length; i++) checkLayout(outputs[i]!);
    try {
      launchKernel(this.#kernels, this.#context, call, inputs, outputs);
    } finally {
      this.#context.clear();
    }
  }

  /** Runs calls at once; neighboring maps are shared out together. */
  launchAll(launches: readonly BackendLaunch<CpuBuffer>[]): void {
    for (let i = 0; i < launches.length;) {
      const count = this.#maps.run(launches, i);
      if (count === 0) this.launch(launches[i]!.call, launches[i]!.inputs, launches[i]!.outputs);
      i += Math.max(1, count);
    }
  }

  /** See {@linkcode Backend}. */
  compile(program: LaunchProgram): RunnableProgram<CpuBuffer> {
    return new CpuProgram(this.#context, this.#kernels, program);
  }

  /** Resolves: nothing is ever left to run. */
  finish(): Promise<void> {
    return Promise.resolve();
  }

  /** Ends its workers and forgets its plans; the memory goes when nobody holds the backend. */
  [Symbol.dispose](): void {
    this.#context.threads.close();
    this.#context.plans.clear();
  }
}

function wasm(): string {
  return `WebAssembly SIMD${hasRelaxedSimd() ? " (relaxed)" : ""}`;
}
