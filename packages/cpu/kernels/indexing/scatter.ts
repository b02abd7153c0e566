/** Elements put or combined along an axis. */
import type { ComputeType, ScatterCall } from "@troodon/core";
import { bytesOf, computeType } from "@troodon/core/kernel";
import type { Kernel } from "../../kernel.ts";
import { planned } from "../../plan/planned_kernel.ts";
import { type AccumulateOp, emitAccumulate, emitAccumulateRun } from "./accumulation.ts";
import { planIndexed } from "./indexing.ts";
import { emitMove, emitMoveRun } from "./moves.ts";
import { convert, staged } from "../map/stage.ts";

const OPS: readonly AccumulateOp[] = ["add", "mul", "max", "min"];

/** Along which axis: all that a plan depends on besides the views. */
type Along = Pick<ScatterCall, "axis">;

/** See {@linkcode ScatterCall}. */
export const scatter: Kernel<ScatterCall> = (context, call, [index, source], [output]) => {
  if (call.mode === "set") return scatterSet(context, call, [index!, source!], [output!]);
  const compute = computeType(output!.dtype);
  // What is narrower is combined in the type that is calculated in, and rounded once.
  const sums = staged(context, output!, compute);
  accumulate(context, { axis: call.axis, mode: call.mode }, [index!, staged(context, source!, compute)], [
    sums,
  ]);
  if (sums !== output) convert(context, sums, output!);
};

const accumulate: Kernel<Along & { readonly mode: AccumulateOp }> = planned({
  key: (key, { axis, mode }, inputs, outputs) =>
    void key.add(axis).add(OPS.indexOf(mode)).views(inputs).views(outputs),
  plan(planner, { axis, mode }, [index, direct], [indexed]): void {
    const compute = indexed!.dtype as ComputeType;
    planIndexed(planner, {
      key: `scatter/${mode}/${compute}`,
      axis,
      index: index!,
      direct: direct!,
      indexed: indexed!,
      writes: true,
      element: (code, { direct, at }) => emitAccumulate(code, mode, compute, direct, at),
      run: (code, { direct, at, run }) => emitAccumulateRun(code, mode, compute, direct, at, run),
    });
  },
});

const scatterSet: Kernel<Along> = planned({
  key: (key, { axis }, inputs, outputs) => void key.add(axis).views(inputs).views(outputs),
  plan(planner, { axis }, [index, direct], [indexed]): void {
    const bytes = bytesOf(indexed!.dtype);
    planIndexed(planner, {
      key: `scatter/set/${bytes}`,
      axis,
      index: index!,
      direct: direct!,
      indexed: indexed!,
      writes: true,
      element: (code, { direct, at }) => emitMove(code, bytes, direct, at),
      run: (code, { direct, at, run }) => emitMoveRun(code, direct, at, run),
    });
  },
});
