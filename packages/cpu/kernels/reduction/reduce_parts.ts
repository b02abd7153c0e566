/** Results that several threads work on: each reduces a part to them, and those are few. */
import type { ComputeType, DType, ReduceCall, ReduceOp } from "@troodon/core";
import { bytesOf, COMBINATIONS, FLOAT64, INT32, INT64, rowMajor, sizeOf } from "@troodon/core/kernel";
import type { CpuMemory } from "../../memory.ts";
import type { PlanView } from "../../plan/plan.ts";
import type { Planner } from "../../plan/planner.ts";
import { call } from "../../threads/task.ts";
import type { WasmFunction } from "../../targets/wasm/wasm_function.ts";
import { planMap } from "../map/map.ts";
import { SAME } from "../map/stage.ts";

/** Dtype and layout of the partial results of one part. Partial sums of float32 are float64, as within a part. */
export function partLayout({ op, compute }: ReduceCall, { shape }: PlanView): Omit<PlanView, "address"> {
  const dtype: DType = op === "sum" && compute === "float32" ? "float64" : compute;
  return { dtype, shape, strides: rowMajor(shape) };
}

/** Plans how the results of all parts become those of the call, part after part. */
export function combineParts(
  planner: Planner,
  { op, post, compute, scalars }: ReduceCall,
  parts: PlanView,
  output: PlanView,
): void {
  const { shape } = output, total = planner.temporary(shape, compute);
  const combine = combiner(planner.memory, op, parts.dtype as ComputeType, compute);
  planner.run([[call(combine, parts.address, total.address, parts.shape[0]!, sizeOf(shape))]], 0);
  planMap(planner, { kernel: "map", body: post ?? SAME, compute, scalars, shape }, [total], [output]);
}

/** A function of: address of the parts, of the results, number of parts, of results. It runs on this thread. */
function combiner(memory: CpuMemory, op: ReduceOp, from: ComputeType, to: ComputeType): WasmFunction {
  if (to === "int64") return longCombiner(memory, op);
  const combine = (to === "int32" ? INT32 : FLOAT64)[COMBINATIONS[op].fn];
  return (parts, totals, count, results) => {
    const { i32: int32, f32: float32, f64: float64 } = memory, arrays = { int32, float32, float64 };
    const source = arrays[from as keyof typeof arrays], first = parts! / bytesOf(from);
    for (let result = 0; result < results!; result++) {
      let value = source[first + result]!;
      for (let part = 1; part < count!; part++) {
        value = combine(value, source[first + part * results! + result]!);
      }
      arrays[to][totals! / bytesOf(to) + result] = value;
    }
    return 0;
  };
}

/** Code that combines the partial results of a reduction in int64. */
function longCombiner(memory: CpuMemory, op: ReduceOp): WasmFunction {
  const combine = INT64[COMBINATIONS[op].fn];
  return (parts, totals, count, results) => {
    const { i64 } = memory, first = parts! / 8;
    for (let result = 0; result < results!; result++) {
      let value = i64[first + result]!;
      for (let part = 1; part < count!; part++) {
        value = combine(value, i64[first + part * results! + result]!);
      }
      i64[totals! / 8 + result] = value;
    }
    return 0;
  };
}
