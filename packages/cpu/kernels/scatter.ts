/** Elements put or added along an axis. */
import { bytesOf, computeType, type ScatterCall } from "@troodon/core";
import type { CpuView, KernelContext } from "../kernel.ts";
import { emitAdd, emitAddRun } from "./addition.ts";
import { runIndexed } from "./indexing.ts";
import { emitMove, emitMoveRun } from "./moves.ts";
import { convert, staged } from "./stage.ts";

/** See {@linkcode ScatterCall}. */
export function scatter(
  context: KernelContext,
  { axis, mode }: ScatterCall,
  [index, source]: readonly CpuView[],
  [output]: readonly CpuView[],
): void {
  if (mode === "set") return scatterSet(context, axis, index!, source!, output!);
  const compute = computeType(output!.dtype);
  // What is narrower is added up in the type that is calculated in, and rounded once.
  const sums = staged(context, output!, compute);
  runIndexed(context, {
    key: `scatter/add/${compute}`,
    axis,
    index: index!,
    direct: staged(context, source!, compute),
    indexed: sums,
    writes: true,
    element: (code, { direct, at }) => emitAdd(code, compute, direct, at),
    run: (code, { direct, at, run }) => emitAddRun(code, compute, direct, at, run),
  });
  if (sums !== output) convert(context, sums, output!);
}

function scatterSet(
  context: KernelContext,
  axis: number,
  index: CpuView,
  source: CpuView,
  output: CpuView,
): void {
  const bytes = bytesOf(output.dtype);
  runIndexed(context, {
    key: `scatter/set/${bytes}`,
    axis,
    index,
    direct: source,
    indexed: output,
    writes: true,
    element: (code, { direct, at }) => emitMove(code, bytes, direct, at),
    run: (code, { direct, at, run }) => emitMoveRun(code, direct, at, run),
  });
}
