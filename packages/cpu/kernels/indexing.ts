/** What gather and scatter share: an axis is walked by an index, the others by loops. */
import { bytesOf, indexError } from "@troodon/core";
import type { CpuView, KernelContext } from "../kernel.ts";
import type { Code, Local, ModuleBuilder, ValueType } from "../wasm/assembler.ts";
import { addressOf, emitLoops, loopArguments, loopParameters, loopsOver, stepOf } from "./loops.ts";

/** Shorter runs are moved element by element. */
const RUN_BYTES = 16;

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
  element(code: Code, locals: IndexedLocals): void;
  run(code: Code, locals: IndexedLocals): void;
}

const [INDEX, DIRECT, INDEXED, EXTENT, STEP, RUN, FIRST] = [0, 1, 2, 3, 4, 5, 6] as const;

function emit(module: ModuleBuilder, depth: number, each: IndexedKernel["run"]): void {
  const params = [...new Array<ValueType>(FIRST).fill("i32"), ...loopParameters(depth, 3)];
  const code = module.function({ params, results: ["i32"], export: "run" });
  const at = code.local("i32"), position = code.local("i32");
  emitLoops(code, depth, FIRST, [INDEX, DIRECT, INDEXED], () => {
    code.get(INDEX).memory("i32.load").tee(position).get(EXTENT).op("i32.ge_u").if(() => {
      code.get(INDEX).op("return");
    });
    code.get(position).get(STEP).op("i32.mul").get(INDEXED).op("i32.add").set(at);
    each(code, { direct: DIRECT, at, run: RUN });
  });
  code.i32(0);
}

/** Runs the kernel over all of `index`, in row-major order; a RangeError if an index points outside. */
export function runIndexed(context: KernelContext, kernel: IndexedKernel): void {
  const { key, axis, index, direct, indexed } = kernel;
  const strides = indexed.strides.map((stride, i) => i === axis ? 0 : stride);
  const loops = loopsOver(index.shape, [index, direct, { ...indexed, strides }]);
  const bytes = bytesOf(direct.dtype), inner = loops.at(-1);
  const [stepIndex, ...steps] = inner?.steps ?? [];
  const runs = stepIndex === 0 && steps.every((step) => step === bytes) && inner!.extent * bytes >= RUN_BYTES;
  if (runs) loops.pop();
  const depth = loops.length;
  const { run } = context.instance(
    `${key}/${runs ? "runs" : "elements"}/${depth}`,
    (module) => emit(module, depth, runs ? kernel.run : kernel.element),
  );
  const extent = indexed.shape[axis] ?? 1;
  const bad = run!(
    addressOf(index),
    addressOf(direct),
    addressOf(indexed),
    extent,
    stepOf(indexed, axis),
    runs ? inner!.extent * bytes : bytes,
    ...loopArguments(loops),
  );
  if (bad !== 0) throw indexError(key.split("/")[0]!, context.memory.i32[bad >>> 2]!, extent);
}
