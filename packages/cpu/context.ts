/** Memory, workers and plans shared by the kernels of one backend. */
import type { Blas } from "./blas/blas.ts";
import type { ConstantType, InstanceOptions, KernelContext } from "./kernel.ts";
import { HOST } from "./lower/host.ts";
import type { CpuBuffer, CpuMemory } from "./memory.ts";
import type { NativeCode } from "./machine_code/native_code.ts";
import { OPERANDS } from "./plan/address.ts";
import type { BindingHost, CallNumbers } from "./plan/binding.ts";
import type { Check } from "./plan/plan.ts";
import { PlanCache, type PlanEntry, type PlanLimits } from "./plan/plan_cache.ts";
import type { FunctionSource } from "./threads/crew.ts";
import { type Call, invoke, type Task, TaskList } from "./threads/task.ts";
import { Threads, type ThreadsOptions } from "./threads/threads.ts";
import type { VectorBytes } from "./targets/target.ts";
import { ModuleBuilder } from "./targets/wasm/assembler.ts";
import type { CpuView } from "./view.ts";
import type { WasmFunction } from "./targets/wasm/wasm_function.ts";

/** Options of {@linkcode CpuContext}. */
export interface CpuContextOptions extends ThreadsOptions {
  /** Limits of the plan cache: calls and bytes. */
  readonly plans?: PlanLimits;
  /** Machine code for the memory (default: none). */
  readonly native?: NativeCode | null;
}

/** Size of a constant in bytes, by type. */
export const BYTES: Readonly<Record<ConstantType, number>> = { i32: 4, f32: 4, f64: 8 };

/** A module that has been built. */
interface WrittenModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly imports: readonly string[];
  /** The compiled module; undefined until an engine compiles it. */
  module?: WebAssembly.Module;
}

/** All modules that this process has built, by the bytes of a vector; they do not depend on the memory. */
const written: Readonly<Record<VectorBytes, Map<string, WrittenModule>>> = { 16: new Map(), 32: new Map() };

function write(
  key: string,
  build: (module: ModuleBuilder) => void,
  vectorBytes: VectorBytes = 16,
): WrittenModule {
  const modules = written[vectorBytes], known = modules.get(key);
  if (known) return known;
  const builder = new ModuleBuilder({ vectorBytes });
  build(builder);
  const made = { bytes: builder.finish(), imports: builder.imports };
  modules.set(key, made);
  return made;
}

type Functions = Readonly<Record<string, WasmFunction>>;

/** The context of a backend: memory, compiled code, plans and threads. */
export class CpuContext implements KernelContext, BindingHost {
  readonly memory: CpuMemory;
  blas: Blas | null = null;
  readonly plans: PlanCache;
  readonly threads: Threads;
  /** Machine code in place of WebAssembly, if there is any. */
  readonly native: NativeCode | null;
  readonly #instances = new Map<string, Functions>();
  readonly #refused = new Map<string, string>();
  readonly #sources = new Map<WasmFunction, FunctionSource>();
  readonly #scratch: CpuBuffer[] = [];

  /** Kernels over `memory`. */
  constructor(memory: CpuMemory, { plans, native = null, ...threads }: CpuContextOptions = {}) {
    this.memory = memory;
    this.native = native;
    this.plans = new PlanCache(memory, plans);
    this.threads = new Threads(memory, {
      source: (fn) => this.#sources.get(fn) ?? native?.source(fn) ?? this.blas?.source(fn),
      library: () => this.blas?.library ?? null,
      cLibrary: () => native?.cLibrary ?? null,
    }, threads);
  }

  /** See {@linkcode KernelContext}. */
  get vectorBytes(): VectorBytes {
    return this.native?.target.vectorBytes ?? 16;
  }

  /** Reasons why modules stay WebAssembly, by their keys. */
  get refused(): ReadonlyMap<string, string> {
    return this.#refused;
  }

  /** See {@linkcode KernelContext}. */
  instance(
    key: string,
    build: (module: ModuleBuilder) => void,
    { wide = false }: InstanceOptions = {},
  ): Functions {
    const known = this.#instances.get(key);
    if (known) return known;
    const functions = this.#native(key, build, wide) ?? this.#webAssembly(key, build);
    this.#instances.set(key, functions);
    return functions;
  }

  #native(key: string, build: (module: ModuleBuilder) => void, wide: boolean): Functions | undefined {
    if (this.native === null) return undefined;
    const widths = new Set<VectorBytes>([wide ? this.vectorBytes : 16, 16]);
    for (const vectorBytes of widths) {
      const compiled = this.native.compile(write(key, build, vectorBytes).bytes);
      if (typeof compiled !== "string") return compiled;
      this.#refused.set(vectorBytes === 16 ? key : `${key} (${vectorBytes} bytes)`, compiled);
    }
    return undefined;
  }

  #webAssembly(key: string, build: (module: ModuleBuilder) => void): Functions {
    const source = write(key, build), { bytes, imports } = source;
    const module = source.module ??= new WebAssembly.Module(bytes);
    const { exports } = new WebAssembly.Instance(module, { env: { memory: this.memory.memory, ...HOST } });
    const functions = exports as Functions;
    // Other threads have `Math` and nothing else of the host.
    if (imports.every((name) => HOST[name] === Math[name as keyof Math])) {
      Object.values(functions).forEach((fn, index) => this.#sources.set(fn, { bytes, index }));
    }
    return functions;
  }

  /** See {@linkcode KernelContext}. */
  parts(nanoseconds: number): number {
    return this.threads.parts(nanoseconds);
  }

  /** See {@linkcode KernelContext}. */
  cuts(nanoseconds: number): number {
    return this.threads.cuts(nanoseconds);
  }

  /** See {@linkcode KernelContext}; combines the results of all calls by bitwise or. */
  run(tasks: readonly Task[], nanoseconds: number, check?: Check): number {
    return this.#judged(this.threads.run(new TaskList(tasks), nanoseconds), check);
  }

  /** See {@linkcode KernelContext}. */
  once(call: Call, check?: Check): void {
    this.#judged(invoke(call), check);
  }

  #judged(result: number, check: Check | undefined): number {
    if (check !== undefined && result !== 0) throw check.error(this.memory, result);
    return result;
  }

  /** See {@linkcode KernelContext}. */
  perform(
    entry: PlanEntry,
    inputs: readonly CpuView[],
    outputs: readonly CpuView[],
    numbers: CallNumbers | null,
  ): void {
    const binding = entry.binding ?? this.plans.bind(entry);
    binding.moveViews(inputs, OPERANDS);
    binding.moveViews(outputs, OPERANDS + inputs.length);
    if (numbers !== null) binding.set([{ call: numbers }]);
    binding.run(this);
  }

  /** See {@linkcode BindingHost}. */
  runList(list: TaskList, nanoseconds: number): number {
    return this.threads.run(list, nanoseconds);
  }

  /** See {@linkcode KernelContext}. */
  scratch(bytes: number): number {
    const buffer = this.memory.allocate(bytes);
    this.#scratch.push(buffer);
    return buffer.pointer;
  }

  /** See {@linkcode KernelContext}. */
  constant(type: ConstantType, value: number): number {
    const bytes = BYTES[type], pointer = this.scratch(bytes);
    this.memory[type][pointer / bytes] = value;
    return pointer;
  }

  /** Releases temporary bytes: at the end of every launch. */
  clear(): void {
    for (let buffer = this.#scratch.pop(); buffer; buffer = this.#scratch.pop()) this.memory.release(buffer);
  }
}
