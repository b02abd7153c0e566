/** What gather and scatter share: an axis is walked by an index, the others by loops. */
import { bytesOf, indexError, sizeOf } from "@troodon/core";
import type { CpuView, KernelContext, WasmFunction } from "../kernel.ts";
import { type Piece, pieces, type Task } from "../threads/task.ts";
import type { Code, Local, ModuleBuilder, ValueType } from "../wasm/assembler.ts";
import {
  addressOf,
  cutLoops,
  emitLoops,
  type Loop,
  loopArguments,
  loopParameters,
  loopsOver,
  stepOf,
} from "./loops.ts";
import { PlanCache } from "./plan_cache.ts";

/** Shorter runs are moved element by element. */
const RUN_BYTES = 16;
/** Nanoseconds for an element or a run, and for each of its bytes. */
const [MOVE, BYTE] = [2, 0.06] as const;
/** The same where the index points into more bytes than caches hold. */
const [FAR, FAR_MOVE, FAR_BYTE] = [2 ** 24, 100, 0.25] as const;
/** Tasks of each thread, as `parts` counts them. */
const TASKS = 4;

/** Parameters of a kernel; `indexed` and `direct` are moved along, `at` is where the index points to. */
export interface IndexedLocals {
  /** Address in the view whose elements follow one another in the order of the index. */
  readonly direct: Local;
  /** Address in the view that the index points into. */
  readonly at: Local;
  /** Bytes of a run of elements that share one index; of one element if there are no runs. */
  readonly run: Local;
}

/** What is done with each element, or with each run of them. */
export interface IndexedKernel {
  /** Begins with the name of the family; says what the functions below depend on. */
  readonly key: string;
  readonly axis: number;
  readonly index: CpuView;
  /** Has the shape of `index`. */
  readonly direct: CpuView;
  /** The view that the index points into. */
  readonly indexed: CpuView;
  /** Whether it writes where the index points to, so that the order of writes matters. */
  readonly writes: boolean;
  element(code: Code, locals: IndexedLocals): void;
  run(code: Code, locals: IndexedLocals): void;
}

/** Only positions from `LOW` on, `SIZE` of them, are dealt with. */
const [INDEX, DIRECT, INDEXED, EXTENT, STEP, RUN, LOW, SIZE, FIRST] = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const;

function emit(module: ModuleBuilder, depth: number, writes: boolean, each: IndexedKernel["run"]): void {
  const params = [...new Array<ValueType>(FIRST).fill("i32"), ...loopParameters(depth, 3)];
  const code = module.function({ params, results: ["i32"], export: "run" });
  const at = code.local("i32"), position = code.local("i32");
  emitLoops(code, depth, FIRST, [INDEX, DIRECT, INDEXED], () => {
    code.get(INDEX).memory("i32.load").tee(position).get(EXTENT).op("i32.ge_u").if(() => {
      code.get(INDEX).op("return");
    });
    const use = (): void => {
      code.get(position).get(STEP).op("i32.mul").get(INDEXED).op("i32.add").set(at);
      each(code, { direct: DIRECT, at, run: RUN });
    };
    if (writes) code.get(position).get(LOW).op("i32.sub").get(SIZE).op("i32.lt_u").if(use);
    else use();
  });
  code.i32(0);
}

/**
 * Runs the kernel over all of `index`, in row-major order; a RangeError if an index points outside. Threads share
 * the index where nothing is written through it. Otherwise each walks all of it, and writes to positions of its own
 * alone, in the order in which one thread would.
 */
export function runIndexed(context: KernelContext, kernel: IndexedKernel): void {
  const { key, axis, index, direct, indexed } = kernel, extent = indexed.shape[axis] ?? 1;
  const numbers = [axis, extent, context.parts(Infinity)], inputs = [index, indexed], outputs = [direct];
  for (let i = 0; i < index.shape.length; i++) numbers.push(index.shape[i]!);
  const plan = cache.get(context, key, "int32", numbers, inputs, outputs) ??
    cache.set(context, key, "int32", numbers, inputs, outputs, planOf(context, kernel, extent));
  const { whole, parts, tasks, nanoseconds } = plan;
  const pointers = [addressOf(index), addressOf(direct), addressOf(indexed)];
  let bad: number;
  if (parts.length === 0) bad = whole.at(pointers).run();
  else {
    for (let i = 0; i < parts.length; i++) parts[i]!.at(pointers);
    bad = context.run(tasks, nanoseconds);
    // The results of several tasks are one in another: the first of all is found by one.
    if (bad !== 0 && !kernel.writes) bad = whole.at(pointers).run();
  }
  if (bad !== 0) throw indexError(key.split("/")[0]!, context.memory.i32[bad >>> 2]!, extent);
}

/** One call over a part of the positions: all is known but where the views begin. */
class IndexedPart {
  readonly task: Task;
  readonly #call: { readonly fn: WasmFunction; readonly args: number[] };
  readonly #shifts: readonly number[];

  constructor(fn: WasmFunction, shifts: readonly number[], rest: readonly number[]) {
    this.#call = { fn, args: [...shifts, ...rest] };
    this.#shifts = shifts;
    this.task = [this.#call];
  }

  /** For views that begin at `pointers`. */
  at(pointers: readonly number[]): this {
    const { args } = this.#call, shifts = this.#shifts;
    for (let i = 0; i < pointers.length; i++) args[i] = pointers[i]! + shifts[i]!;
    return this;
  }

  run(): number {
    return this.#call.fn(...this.#call.args);
  }
}

interface IndexedPlan {
  readonly whole: IndexedPart;
  /** None if it is not worth cutting. */
  readonly parts: readonly IndexedPart[];
  readonly tasks: readonly Task[];
  readonly nanoseconds: number;
}

const cache = new PlanCache<IndexedPlan>(() => {});

function planOf(context: KernelContext, kernel: IndexedKernel, extent: number): IndexedPlan {
  const { key, axis, index, direct, indexed, writes } = kernel;
  const strides = indexed.strides.map((stride, i) => i === axis ? 0 : stride);
  const loops = loopsOver(index.shape, [index, direct, { ...indexed, strides }]);
  const bytes = bytesOf(direct.dtype), inner = loops.at(-1);
  const [stepIndex, ...steps] = inner?.steps ?? [];
  const runs = stepIndex === 0 && steps.every((step) => step === bytes) && inner!.extent * bytes >= RUN_BYTES;
  if (runs) loops.pop();
  const depth = loops.length, size = runs ? inner!.extent * bytes : bytes;
  const { run } = context.instance(
    `${key}/${runs ? "runs" : "elements"}/${depth}`,
    (module) => emit(module, depth, writes, runs ? kernel.run : kernel.element),
  );
  const step = stepOf(indexed, axis);
  const isFar = sizeOf(indexed.shape) * bytes > FAR && runs;
  const each = isFar ? FAR_MOVE + size * FAR_BYTE : MOVE + size * BYTE;
  const nanoseconds = loops.reduce((n, { extent }) => n * extent, 1) * each;
  const count = context.parts(nanoseconds), none = [0, 0, 0];
  const part = (
    shifts: readonly number[],
    { start, size: places }: Piece,
    some: readonly Loop[],
  ): IndexedPart =>
    new IndexedPart(run!, shifts, [extent, step, size, start, places, ...loopArguments(some)]);
  const all = { start: 0, size: extent }, threads = Math.max(2, Math.ceil(count / TASKS));
  const parts = count === 1
    ? []
    : writes
    ? pieces(Math.max(1, extent), threads).map((own) => part(none, own, loops))
    : cutLoops(loops, count, 3).map(({ loops, shifts }) => part(shifts, all, loops));
  return { whole: part(none, all, loops), parts, tasks: parts.map(({ task }) => task), nanoseconds };
}
