/** What a kernel of this backend is. */
import type { Blas } from "./blas/blas.ts";
import type { CpuMemory } from "./memory.ts";
import type { PlanCache } from "./plan/plan_cache.ts";
import type { Task, TaskList } from "./threads/task.ts";
import type { CpuView } from "./view.ts";
import type { ModuleBuilder } from "./wasm/assembler.ts";
import type { WasmFunction } from "./wasm/wasm_function.ts";

/** What kernels have besides their call. */
export interface KernelContext {
  readonly memory: CpuMemory;
  /** A native library for large products, if there is one. */
  readonly blas: Blas | null;
  /** Plans of the calls that this context has seen. */
  readonly plans: PlanCache;
  /**
   * The exported functions of a module, assembled by `build` on the first call
   * with `key`, which says all that `build` depends on. Keys begin with the name of the kernel: `"map/..."`.
   */
  instance(key: string, build: (module: ModuleBuilder) => void): Readonly<Record<string, WasmFunction>>;
  /** Address of temporary bytes, aligned to 64, that last until the launch ends. Typed arrays made before may be stale. */
  scratch(bytes: number): number;
  /** How many threads there are to be. */
  readonly threads: { readonly count: number };
  /** How many tasks are worth making of so many nanoseconds of work on one thread; 1 for none. */
  parts(nanoseconds: number): number;
  /** The same for any number of threads. */
  cuts(nanoseconds: number): number;
  /** Does tasks that take so many nanoseconds on one thread; returns the results of all calls by bitwise or. */
  run(tasks: readonly Task[], nanoseconds: number): number;
  /** Runs a task list that was prepared before and runs many times. */
  runList(list: TaskList, nanoseconds: number): number;
}

/** Runs one call; views are as the contract says for the family. */
export type Kernel<C> = (
  context: KernelContext,
  call: C,
  inputs: readonly CpuView[],
  outputs: readonly CpuView[],
) => void;
