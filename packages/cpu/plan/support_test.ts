/** A kernel to plan with, and vectors for it. */
import { CpuContext, type CpuContextOptions } from "../context.ts";
import { CpuMemory } from "../memory.ts";
import { call, pieces, repeated } from "../threads/task.ts";
import type { CpuView } from "../view.ts";
import type { WasmFunction } from "../targets/wasm/wasm_function.ts";
import type { Argument } from "./address.ts";
import type { PlanView } from "./plan.ts";
import { PlannedKernel } from "./planned_kernel.ts";
import type { Planner } from "./planner.ts";

/** A context of its own, in a memory of its own. */
export function contextOf(options: CpuContextOptions = {}): CpuContext {
  return new CpuContext(new CpuMemory(), options);
}

/** An int32 vector. */
export function vector({ memory }: CpuContext, values: readonly number[]): CpuView {
  const buffer = memory.allocate(4 * values.length);
  memory.i32.set(values, buffer.pointer / 4);
  return { buffer, dtype: "int32", shape: [values.length], strides: [1], offset: 0 };
}

/** The elements of a vector. */
export function valuesOf({ memory }: CpuContext, { buffer, offset, shape }: CpuView): number[] {
  const first = buffer.pointer / 4 + offset;
  return [...memory.i32.subarray(first, first + shape[0]!)];
}

/** "add": the word at the first address and that at the second, to the third. */
export function adding(planner: Pick<Planner, "instance">): WasmFunction {
  return planner.instance("test/add", (module) => {
    const code = module.function({ params: ["i32", "i32", "i32"], export: "add" });
    code.get(2).get(0).memory("i32.load").get(1).memory("i32.load").op("i32.add").memory("i32.store");
  }).add!;
}

/** Plans y = a + b + (0, 1, 2...) times a number, by way of scratch memory. */
export function planSum(
  planner: Planner,
  factor: number,
  [a, b]: readonly PlanView[],
  [y]: readonly PlanView[],
): void {
  const add = adding(planner), [count] = a!.shape as [number];
  const table = planner.constants(Array.from({ length: count }, (_, i) => factor * i));
  const unused = planner.scratch(60), between = planner.scratch(4 * count);
  const each = (from: (i: number) => Argument, other: (i: number) => Argument, to: (i: number) => Argument) =>
    pieces(count, planner.parts(1e9)).map((piece) => [
      repeated(piece, (i) => [call(add, from(i), other(i), to(i))]),
    ]);
  if (unused.offset === between.offset) throw new RangeError("Scratch memory is handed out twice");
  planner.run(
    each((i) => a!.address.plus(4 * i), (i) => table.plus(4 * i), (i) => between.plus(4 * i)),
    1e9,
  );
  planner.run(
    each((i) => between.plus(4 * i), (i) => b!.address.plus(4 * i), (i) => y!.address.plus(4 * i)),
    1e9,
  );
}

/** The kernel of such plans; counts how many it makes. */
export class Sum {
  plans = 0;
  readonly kernel: PlannedKernel<number, string> = new PlannedKernel({
    key: (key, factor, inputs, outputs) => void key.add(factor).views(inputs).views(outputs),
    plan: (planner, factor, inputs, outputs) => {
      this.plans++;
      planSum(planner, factor, inputs, outputs);
      return `plan ${this.plans}`;
    },
  });

  /** Launches y = a + b + ..., and releases scratch memory. */
  run(context: CpuContext, factor: number, inputs: readonly CpuView[], y: CpuView): string {
    try {
      return this.kernel.run(context, factor, inputs, [y]);
    } finally {
      context.clear();
    }
  }
}
