/** What a kernel of this backend is. */
import type { Blas } from "./blas/blas.ts";
import type { CpuMemory } from "./memory.ts";
import type { CallNumbers } from "./plan/binding.ts";
import type { Check } from "./plan/plan.ts";
import type { PlanCache, PlanEntry } from "./plan/plan_cache.ts";
import type { Call, Task } from "./threads/task.ts";
import type { CpuView } from "./view.ts";
import type { ModuleBuilder } from "./targets/wasm/assembler.ts";
import type { VectorBytes } from "./targets/target.ts";
import type { WasmFunction } from "./targets/wasm/wasm_function.ts";

/** Type of a constant in memory. */
export type ConstantType = "i32" | "f32" | "f64";

/** Options of {@linkcode KernelContext.instance}. */
export interface InstanceOptions {
  /** True if `build` can write the module for vectors of any number of bytes; false by default. */
  readonly wide?: boolean;
}

/**
 * Services that kernels use besides their call. Kernels access memory only in functions called by `once`, as a context
 * may record their work with symbolic addresses.
 */
export interface KernelContext {
  readonly memory: CpuMemory;
  /** A native library for large products, if there is one. */
  readonly blas: Blas | null;
  /** Plans of the calls that this context has seen. */
  readonly plans: PlanCache;
  /** Bytes of a vector in modules that `instance` builds as wide ones: the processor's for machine code, else 16. */
  readonly vectorBytes: VectorBytes;
  /**
   * The exported functions of a module, assembled by `build` on the first call
   * with `key`, which says all that `build` depends on. Keys begin with the name of the kernel: `"map/..."`.
   */
  instance(
    key: string,
    build: (module: ModuleBuilder) => void,
    options?: InstanceOptions,
  ): Readonly<Record<string, WasmFunction>>;
  /** Address of temporary bytes, aligned to 64, that last until the launch ends. Typed arrays made before may be stale. */
  scratch(bytes: number): number;
  /** Address of a constant that lasts until the launch ends. */
  constant(type: ConstantType, value: number): number;
  /** Runs a plan for operands, with the numbers of the call if it has any. */
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
  /**
   * Runs tasks that take `nanoseconds` on one thread; throws the error that `check` returns for a result other than 0.
   */
  run(tasks: readonly Task[], nanoseconds: number, check?: Check): void;
  /** Makes a call on this thread, to a function that may use host memory; `check` works as in `run`. */
  once(call: Call, check?: Check): void;
}

/** Runs one call; views are as the contract says for the family. */
export type Kernel<C> = (
  context: KernelContext,
  call: C,
  inputs: readonly CpuView[],
  outputs: readonly CpuView[],
) => void;
