/** What a kernel of this backend is. */
import type { Blas } from "./blas/blas.ts";
import type { CpuMemory } from "./memory.ts";
import type { CallNumbers } from "./plan/binding.ts";
import type { Check } from "./plan/plan.ts";
import type { PlanCache, PlanEntry } from "./plan/plan_cache.ts";
import type { Call, Task } from "./threads/task.ts";
import type { CpuView } from "./view.ts";
import type { ModuleBuilder } from "./wasm/assembler.ts";
import type { WasmFunction } from "./wasm/wasm_function.ts";

/** The type of a constant in memory. */
export type ConstantType = "i32" | "f32" | "f64";

/**
 * What kernels have besides their call. A kernel neither reads nor writes memory by itself, but in functions that are
 * called by `once`: a context may record what is to be done and give addresses that stand for others.
 */
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
  /** Address of a constant, which lasts until the launch ends. */
  constant(type: ConstantType, value: number): number;
  /** Does what is planned for operands, with the numbers of the call if it has any. */
  perform(
    entry: PlanEntry,
    inputs: readonly CpuView[],
    outputs: readonly CpuView[],
    numbers: CallNumbers | null,
  ): void;
  /** How many threads there are to be. */
  readonly threads: { readonly count: number };
  /** How many tasks are worth making of so many nanoseconds of work on one thread; 1 for none. */
  parts(nanoseconds: number): number;
  /** The same for any number of threads. */
  cuts(nanoseconds: number): number;
  /** Does tasks that take so many nanoseconds on one thread; throws what `check` makes of results other than 0. */
  run(tasks: readonly Task[], nanoseconds: number, check?: Check): void;
  /** Makes a call on this thread, of a function that may use the memory of the host; `check` is as of `run`. */
  once(call: Call, check?: Check): void;
}

/** Runs one call; views are as the contract says for the family. */
export type Kernel<C> = (
  context: KernelContext,
  call: C,
  inputs: readonly CpuView[],
  outputs: readonly CpuView[],
) => void;
