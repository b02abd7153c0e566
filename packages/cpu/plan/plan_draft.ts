/** Plans that are being written. */
import type { InstanceOptions, KernelContext } from "../kernel.ts";
import type { ModuleBuilder } from "../targets/wasm/assembler.ts";
import type { WasmFunction } from "../targets/wasm/wasm_function.ts";
import type { Plan, PointerWord, RandomWords, ScalarWords, Step } from "./plan.ts";

/** The parts of the context that a plan may depend on besides the call. */
export type PlanningContext = Pick<
  KernelContext,
  "memory" | "blas" | "vectorBytes" | "instance" | "parts" | "cuts" | "threads"
>;

/** Alignment of scratch memory in bytes. */
export const SCRATCH_UNIT = 64;

/** Alignment of blocks of a table in words. */
const BLOCK_UNIT = 4;

/** A plan that is being written, with the services of the context that it is for. */
export class PlanDraft<C extends PlanningContext = PlanningContext> {
  protected readonly context: C;
  protected readonly steps: Step[] = [];
  protected readonly table: number[] = [];
  protected readonly pointers: PointerWord[] = [];
  protected readonly scalars: ScalarWords[] = [];
  protected readonly randoms: RandomWords[] = [];
  protected scratchBytes = 0;

  /** An empty plan for `context`. */
  constructor(context: C) {
    this.context = context;
  }

  /** See {@linkcode KernelContext}. */
  get memory(): PlanningContext["memory"] {
    return this.context.memory;
  }

  /** See {@linkcode KernelContext}. */
  get blas(): PlanningContext["blas"] {
    return this.context.blas;
  }

  /** See {@linkcode KernelContext}. */
  get vectorBytes(): PlanningContext["vectorBytes"] {
    return this.context.vectorBytes;
  }

  /** See {@linkcode KernelContext}. */
  get threads(): PlanningContext["threads"] {
    return this.context.threads;
  }

  /** See {@linkcode KernelContext}. */
  instance(
    key: string,
    build: (module: ModuleBuilder) => void,
    options?: InstanceOptions,
  ): Readonly<Record<string, WasmFunction>> {
    return this.context.instance(key, build, options);
  }

  /** See {@linkcode KernelContext}. */
  parts(nanoseconds: number): number {
    return this.context.parts(nanoseconds);
  }

  /** See {@linkcode KernelContext}. */
  cuts(nanoseconds: number): number {
    return this.context.cuts(nanoseconds);
  }

  /** Adds zeros to the table until it has `words` words behind the next one at which a block may begin; returns that one. */
  protected reserve(words: number): number {
    const { table } = this, first = Math.ceil(table.length / BLOCK_UNIT) * BLOCK_UNIT;
    while (table.length < first + words) table.push(0);
    return first;
  }

  /** The plan as it has been written, with so many slots. */
  protected planOf<D>(slots: number, detail: D): Plan<D> {
    const { steps, scratchBytes, table, pointers, scalars, randoms } = this;
    return { slots, steps, scratchBytes, table, pointers, scalars, randoms, detail };
  }
}
