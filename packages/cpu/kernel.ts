/** What a kernel of this backend is. */
import { bytesOf, type Shape, type View } from "@troodon/core";
import type { Blas } from "./blas/blas.ts";
import type { CpuBuffer, CpuMemory } from "./memory.ts";
import { HOST } from "./lower/host.ts";
import type { FunctionSource } from "./threads/crew.ts";
import type { Task } from "./threads/task.ts";
import { Threads, type ThreadsOptions } from "./threads/threads.ts";
import { ModuleBuilder } from "./wasm/assembler.ts";

export type { CpuBuffer, CpuMemory } from "./memory.ts";

/** A view into the memory of this backend. */
export type CpuView = View<CpuBuffer>;

/** The same memory under other extents and strides. A spread would lose what a tensor has by getters. */
export function seenAs(
  { buffer, offset, dtype }: CpuView,
  shape: Shape,
  strides: readonly number[],
): CpuView {
  return { buffer, offset, dtype, shape, strides };
}

/** Address of the first element of a view. */
export function addressOf({ buffer, offset, dtype }: CpuView): number {
  return buffer.pointer + offset * bytesOf(dtype);
}

/** A function that a WebAssembly module exports. */
export type WasmFunction = (...numbers: number[]) => number;

/** What kernels have besides their call. */
export interface KernelContext {
  readonly memory: CpuMemory;
  /** A native library for large products, if there is one. */
  readonly blas: Blas | null;
  /**
   * The exported functions of a module, assembled by `build` on the first call
   * with `key`, which says all that `build` depends on. Keys begin with the name of the kernel: `"map/..."`.
   */
  instance(key: string, build: (module: ModuleBuilder) => void): Readonly<Record<string, WasmFunction>>;
  /** Address of temporary bytes, aligned to 64, that last until the launch ends. Typed arrays made before may be stale. */
  scratch(bytes: number): number;
  /** How many threads there are to be. */
  readonly threads: Pick<Threads, "count">;
  /** How many tasks are worth making of so many nanoseconds of work on one thread; 1 for none. */
  parts(nanoseconds: number): number;
  /** The same for any number of threads. */
  cuts(nanoseconds: number): number;
  /** Does tasks that take so many nanoseconds on one thread; returns the results of all calls by bitwise or. */
  run(tasks: readonly Task[], nanoseconds: number): number;
}

/** Runs one call; views are as the contract says for the family. */
export type Kernel<C> = (
  context: KernelContext,
  call: C,
  inputs: readonly CpuView[],
  outputs: readonly CpuView[],
) => void;

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

/** The context of a backend. */
export class CpuContext implements KernelContext {
  readonly memory: CpuMemory;
  blas: Blas | null = null;
  readonly threads: Threads;
  readonly #instances = new Map<string, Readonly<Record<string, WasmFunction>>>();
  readonly #sources = new Map<WasmFunction, FunctionSource>();
  readonly #scratch: CpuBuffer[] = [];

  /** Kernels over `memory`. */
  constructor(memory: CpuMemory, options?: ThreadsOptions) {
    this.memory = memory;
    this.threads = new Threads(memory, {
      source: (fn) => this.#sources.get(fn) ?? this.blas?.source(fn),
      library: () => this.blas?.library ?? null,
    }, options);
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

  /** See {@linkcode KernelContext}. */
  run(tasks: readonly Task[], nanoseconds: number): number {
    return this.threads.run(tasks, nanoseconds);
  }

  /** See {@linkcode KernelContext}. */
  scratch(bytes: number): number {
    const buffer = this.memory.allocate(bytes);
    this.#scratch.push(buffer);
    return buffer.pointer;
  }

  /** Gives temporary bytes back: at the end of every launch. */
  clear(): void {
    for (let buffer = this.#scratch.pop(); buffer; buffer = this.#scratch.pop()) this.memory.release(buffer);
  }
}
