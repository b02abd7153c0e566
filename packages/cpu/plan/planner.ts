/** Writes plans. */
import type { Body, DType, Shape } from "@troodon/core";
import { bytesOf, rowMajor, sizeOf, type Space } from "@troodon/core/kernel";
import type { KernelContext } from "../kernel.ts";
import type { Parameters } from "../lower/parameters.ts";
import type { Task } from "../threads/task.ts";
import type { ModuleBuilder } from "../wasm/assembler.ts";
import type { WasmFunction } from "../wasm/wasm_function.ts";
import { Address, type Argument, SCRATCH, TABLE } from "./address.ts";
import type { Check, Plan, PlanView, PointerWord, RandomWords, ScalarWords, Step } from "./plan.ts";

/** The parts of the context that a plan may depend on besides the call. */
export type PlanningContext = Pick<
  KernelContext,
  "memory" | "blas" | "instance" | "parts" | "cuts" | "threads"
>;

/** Scratch memory is handed out in multiples of so many bytes, parameter blocks begin at multiples of so many words. */
const [SCRATCH_UNIT, BLOCK_UNIT] = [64, 4] as const;

/** An entry of a parameter block. */
export interface BlockSpec {
  readonly layout: Parameters;
  /** Loops: extents, and strides in bytes. */
  readonly space: Space;
  /** The address of the first element of each operand. */
  readonly operands: readonly Argument[];
  /** Bodies whose scalars it holds, one after the other. */
  readonly bodies: readonly Body[];
}

/** Records the tasks of a kernel as a plan, without running them. */
export class Planner {
  readonly #context: PlanningContext;
  readonly #steps: Step[] = [];
  readonly #table: number[] = [];
  readonly #pointers: PointerWord[] = [];
  readonly #scalars: ScalarWords[] = [];
  readonly #randoms: RandomWords[] = [];
  #scratchBytes = 0;
  /** Which of the calls that are launched together is being planned: blocks hold its scalars. */
  call = 0;

  /** An empty plan. */
  constructor(context: PlanningContext) {
    this.#context = context;
  }

  /** See {@linkcode KernelContext}. */
  get memory(): PlanningContext["memory"] {
    return this.#context.memory;
  }

  /** See {@linkcode KernelContext}. */
  get blas(): PlanningContext["blas"] {
    return this.#context.blas;
  }

  /** See {@linkcode KernelContext}. */
  get threads(): PlanningContext["threads"] {
    return this.#context.threads;
  }

  /** See {@linkcode KernelContext}. */
  instance(
    key: string,
    build: (module: ModuleBuilder) => void,
  ): Readonly<Record<string, WasmFunction>> {
    return this.#context.instance(key, build);
  }

  /** See {@linkcode KernelContext}. */
  parts(nanoseconds: number): number {
    return this.#context.parts(nanoseconds);
  }

  /** See {@linkcode KernelContext}. */
  cuts(nanoseconds: number): number {
    return this.#context.cuts(nanoseconds);
  }

  /** Bytes, aligned to 64, that last until the launch ends. */
  scratch(bytes: number): Address {
    const address = new Address(SCRATCH, this.#scratchBytes);
    this.#scratchBytes += Math.ceil(bytes / SCRATCH_UNIT) * SCRATCH_UNIT;
    return address;
  }

  /** A contiguous view of scratch memory. */
  temporary(shape: Shape, dtype: DType): PlanView {
    return { address: this.scratch(sizeOf(shape) * bytesOf(dtype)), dtype, shape, strides: rowMajor(shape) };
  }

  /** Words that last as long as the plan. */
  constants(words: readonly Argument[]): Address {
    const first = this.#reserve(words.length);
    words.forEach((value, i) => this.#write(first + i, value));
    return new Address(TABLE, 4 * first);
  }

  /** A parameter block that lasts as long as the plan. */
  block({ layout, space: { extents, strides }, operands, bodies }: BlockSpec): Address {
    const first = this.#reserve(layout.bytes / 4), table = this.#table;
    operands.forEach((operand, t) => this.#write(first + layout.pointer(t) / 4, operand));
    extents.forEach((extent, level) => {
      table[first + layout.extent(level) / 4] = extent;
      strides.forEach((s, t) => table[first + layout.stride(level, t) / 4] = s[level]!);
    });
    let scalar = 0;
    for (const body of bodies) {
      if (body.hostScalarCount > 0) {
        this.#scalars.push({ call: this.call, body, first: first / 2 + layout.scalar(scalar) / 8 });
      }
      if (body.usesRandom) this.#randoms.push({ call: this.call, word: first + layout.random / 4 });
      scalar += body.hostScalarCount;
    }
    return new Address(TABLE, 4 * first);
  }

  /** Notes tasks that run together and take so many nanoseconds on one thread. */
  run(tasks: readonly Task<Argument>[], nanoseconds: number, check: Check | null = null): void {
    this.#steps.push({ tasks, nanoseconds, check });
  }

  /** The plan of a launch with so many slots. */
  finish<D>(slots: number, detail: D): Plan<D> {
    return {
      slots,
      steps: this.#steps,
      scratchBytes: this.#scratchBytes,
      table: this.#table,
      pointers: this.#pointers,
      scalars: this.#scalars,
      randoms: this.#randoms,
      detail,
    };
  }

  #reserve(words: number): number {
    const table = this.#table, first = Math.ceil(table.length / BLOCK_UNIT) * BLOCK_UNIT;
    while (table.length < first + words) table.push(0);
    return first;
  }

  #write(word: number, value: Argument): void {
    if (typeof value === "number") this.#table[word] = value;
    else this.#pointers.push({ word, address: value });
  }
}
