/** What gather and scatter share: an axis is walked by an index, the others by loops. */
import type { Refusal } from "@troodon/core";
import { bytesOf, indexError, refusalError, sizeOf } from "@troodon/core/kernel";
import type { Argument } from "../../plan/address.ts";
import type { PlanView } from "../../plan/plan.ts";
import type { Planner } from "../../plan/planner.ts";
import { call, type Piece, pieces, type Task } from "../../threads/task.ts";
import type { Code, Local, ModuleBuilder, ValueType } from "../../targets/wasm/assembler.ts";
import {
  cutLoops,
  emitLoops,
  type Loop,
  loopArguments,
  loopParameters,
  loopsOver,
  stepOf,
} from "../map/loops.ts";

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
  readonly index: PlanView;
  /** Has the shape of `index`. */
  readonly direct: PlanView;
  /** The view that the index points into. */
  readonly indexed: PlanView;
  /** The check that an out-of-range index stands for, if the user gave no index. */
  readonly refusal?: Refusal | undefined;
  /** Whether it writes where the index points to, so that the order of writes matters. */
  readonly writes: boolean;
  element(code: Code, locals: IndexedLocals): void;
  run(code: Code, locals: IndexedLocals): void;
}

/** Only positions from `LOW` on, `SIZE` of them, are dealt with. */
const [INDEX, DIRECT, INDEXED, EXTENT, STEP, RUN, LOW, SIZE, FIRST] = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const;

function emit(
  module: ModuleBuilder,
  depth: number,
  writes: boolean,
  long: boolean,
  each: IndexedKernel["run"],
): void {
  const params = [...new Array<ValueType>(FIRST).fill("i32"), ...loopParameters(depth, 3)];
  const code = module.function({ params, results: ["i32"], export: "run" });
  const at = code.local("i32"), position = code.local("i32");
  emitLoops(code, depth, FIRST, [INDEX, DIRECT, INDEXED], () => {
    if (long) {
      code.get(INDEX).memory("i64.load").get(EXTENT).op("i64.extend_i32_u", "i64.ge_u");
    } else code.get(INDEX).memory("i32.load").tee(position).get(EXTENT).op("i32.ge_u");
    code.if(() => {
      code.get(INDEX).op("return");
    });
    if (long) code.get(INDEX).memory("i32.load").set(position);
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
 * Plans the kernel over all of `index`, in row-major order; a RangeError if an index points outside. Threads share
 * the index where nothing is written through it. Otherwise each walks all of it, and writes to positions of its own
 * alone, in the order in which one thread would.
 */
export function planIndexed(planner: Planner, kernel: IndexedKernel): void {
  const { key, axis, index, direct, indexed, writes } = kernel, extent = indexed.shape[axis] ?? 1;
  const strides = indexed.strides.map((stride, i) => i === axis ? 0 : stride);
  const loops = loopsOver(index.shape, [index, direct, { ...indexed, strides }]);
  const bytes = bytesOf(direct.dtype), inner = loops.at(-1);
  const [stepIndex, ...steps] = inner?.steps ?? [];
  const runs = stepIndex === 0 && steps.every((step) => step === bytes) && inner!.extent * bytes >= RUN_BYTES;
  if (runs) loops.pop();
  const long = index.dtype === "int64", depth = loops.length, size = runs ? inner!.extent * bytes : bytes;
  const { run } = planner.instance(
    `${key}/${runs ? "runs" : "elements"}/${long ? "long/" : ""}${depth}`,
    (module) => emit(module, depth, writes, long, runs ? kernel.run : kernel.element),
    { wide: true },
  );
  const step = stepOf(indexed, axis);
  const isFar = sizeOf(indexed.shape) * bytes > FAR && runs;
  const each = isFar ? FAR_MOVE + size * FAR_BYTE : MOVE + size * BYTE;
  const nanoseconds = loops.reduce((n, { extent }) => n * extent, 1) * each;
  const count = planner.parts(nanoseconds), none = [0, 0, 0];
  const part = (
    shifts: readonly number[],
    { start, size: places }: Piece,
    some: readonly Loop[],
  ): Task<Argument> => {
    const addresses = [index, direct, indexed].map(({ address }, i) => address.plus(shifts[i]!));
    return [call(run!, ...addresses, extent, step, size, start, places, ...loopArguments(some))];
  };
  const all = { start: 0, size: extent }, threads = Math.max(2, Math.ceil(count / TASKS));
  const whole = part(none, all, loops);
  const tasks = count === 1
    ? [whole]
    : writes
    ? pieces(Math.max(1, extent), threads).map((own) => part(none, own, loops))
    : cutLoops(loops, count, 3).map(({ loops, shifts }) => part(shifts, all, loops));
  planner.run(tasks, nanoseconds, {
    // The results of several tasks are one in another: the first of all is found by one.
    exact: count > 1 && !writes ? whole : null,
    error: ({ i32, i64 }, bad) =>
      kernel.refusal === undefined
        ? indexError(key.split("/")[0]!, long ? i64[bad >>> 3]! : i32[bad >>> 2]!, extent)
        : refusalError(kernel.refusal),
  });
}
