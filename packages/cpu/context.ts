/** Memory, workers and plans shared by the kernels of one backend. */
import type { Blas } from "./blas/blas.ts";
import type { ConstantType, KernelContext } from "./kernel.ts";
import { HOST } from "./lower/host.ts";
import type { CpuBuffer, CpuMemory } from "./memory.ts";
import { OPERANDS } from "./plan/address.ts";
import type { BindingHost, CallNumbers } from "./plan/binding.ts";
import type { Check } from "./plan/plan.ts";
import { PlanCache, type PlanEntry, type PlanLimits } from "./plan/plan_cache.ts";
import type { FunctionSource } from "./threads/crew.ts";
import { type Call, invoke, type Task, TaskList } from "./threads/task.ts";
import { Threads, type ThreadsOptions } from "./threads/threads.ts";
import { ModuleBuilder } from "./targets/wasm/assembler.ts";
import type { CpuView } from "./view.ts";
import type { WasmFunction } from "./targets/wasm/wasm_function.ts";

/** Options of {@linkcode CpuContext}. */
export interface CpuContextOptions extends ThreadsOptions {
  /** Limits of the plan cache: calls and bytes. */
  readonly plans?: PlanLimits;
}

/** Size of a constant in bytes, by type. */
export const BYTES: Readonly<Record<ConstantType, number>> = { i32: 4, f32: 4, f64: 8 };

interface CompiledModule {
  readonly module: WebAssembly.Module;
  readonly bytes: Uint8Array;
  readonly imports: readonly string[];
}

/** All that this process has compiled: a module is the same in any memory. */
const modules = new Map<string, CompiledModule>();

function compiled(key: string, build: (module: ModuleBuilder) => void): CompiledModule {
  const known = modules.get(key);
  if (known) return known;
  const builder = new ModuleBuilder();
  build(builder);
  const bytes = builder.finish(), { imports } = builder;
  const made = { module: new WebAssembly.Module(bytes), bytes, imports };
  modules.set(key, made);
  return made;
}

/** The context of a backend: memory, compiled code, plans and threads. */
export class CpuContext implements KernelContext, BindingHost {
  readonly memory: CpuMemory;
  blas: Blas | null = null;
  readonly plans: PlanCache;
  readonly threads: Threads;
  readonly #instances = new Map<string, Readonly<Record<string, WasmFunction>>>();
  readonly #sources = new Map<WasmFunction, FunctionSource>();
  readonly #scratch: CpuBuffer[] = [];

  /** Kernels over `memory`. */
  constructor(memory: CpuMemory, { plans, ...threads }: CpuContextOptions = {}) {
    this.memory = memory;
    this.plans = new PlanCache(memory, plans);
    this.threads = new Threads(memory, {
      source: (fn) => this.#sources.get(fn) ?? this.blas?.source(fn),
      library: () => this.blas?.library ?? null,
    }, threads);
  }

  /** See {@linkcode KernelContext}. */
  instance(key: string, build: (module: ModuleBuilder) => void): Readonly<Record<string, WasmFunction>> {
    const known = this.#instances.get(key);
    if (known) return known;
    const { module, bytes, imports } = compiled(key, build);
    const { exports } = new WebAssembly.Instance(module, { env: { memory: this.memory.memory, ...HOST } });
    const functions = exports as Readonly<Record<string, WasmFunction>>;
    this.#instances.set(key, functions);
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
