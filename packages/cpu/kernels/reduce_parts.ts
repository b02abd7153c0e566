/** Results that several threads work on: each brings a part together, and those are few. */
import {
  type Body,
  body,
  bytesOf,
  type DType,
  expr,
  type ReduceCall,
  type ReduceOp,
  rowMajor,
  sizeOf,
} from "@troodon/core";
import type { CpuView, KernelContext } from "../kernel.ts";
import { map } from "./map.ts";
import { temporary } from "./stage.ts";

const SAME: Body = body(expr.input(0));

/** What parts are kept in: sums of float32 are as precise as they are within. */
function partType({ op, compute }: ReduceCall): DType {
  return op === "sum" && compute === "float32" ? "float64" : compute;
}

/** How the part of all results that one block calculates is laid out. */
export function partOf(call: ReduceCall, { shape }: CpuView): Omit<CpuView, "buffer"> {
  return { dtype: partType(call), shape, strides: rowMajor(shape), offset: 0 };
}

/** Room for the parts of so many blocks, one after the other. */
export function partsOf(
  context: KernelContext,
  call: ReduceCall,
  { shape }: CpuView,
  blocks: number,
): CpuView {
  return temporary(context, [blocks, sizeOf(shape)], partType(call));
}

const COMBINE: Readonly<Record<ReduceOp, (a: number, b: number) => number>> = {
  sum: (a, b) => a + b,
  prod: (a, b) => a * b,
  max: Math.max,
  min: Math.min,
};

/** Brings parts together, one after the other, and applies what comes after. */
export function bringTogether(
  context: KernelContext,
  { op, post, compute, scalars }: ReduceCall,
  parts: CpuView,
  output: CpuView,
): void {
  const [blocks, results] = parts.shape as [number, number],
    total = temporary(context, output.shape, compute);
  const { i32, f32, f64 } = context.memory, arrays = { int32: i32, float32: f32, float64: f64 };
  const from = arrays[parts.dtype as keyof typeof arrays], to = arrays[compute];
  const first = parts.buffer.pointer / bytesOf(parts.dtype), target = total.buffer.pointer / bytesOf(compute);
  const combine = compute === "int32" && op === "prod" ? Math.imul : COMBINE[op];
  for (let result = 0; result < results; result++) {
    let value = from[first + result]!;
    for (let block = 1; block < blocks; block++) {
      value = combine(value, from[first + block * results + result]!);
    }
    to[target + result] = value;
  }
  const { shape } = output;
  map(context, { kernel: "map", body: post ?? SAME, compute, scalars, shape }, [total], [output]);
}
