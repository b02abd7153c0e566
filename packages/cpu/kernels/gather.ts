/** Elements picked along an axis. */
import { bytesOf, type GatherCall } from "@troodon/core";
import type { CpuView, KernelContext } from "../kernel.ts";
import { runIndexed } from "./indexing.ts";
import { emitMove, emitMoveRun } from "./moves.ts";

/** See {@linkcode GatherCall}. */
export function gather(
  context: KernelContext,
  { axis }: GatherCall,
  [x, index]: readonly CpuView[],
  [output]: readonly CpuView[],
): void {
  const bytes = bytesOf(x!.dtype);
  runIndexed(context, {
    key: `gather/${bytes}`,
    axis,
    index: index!,
    direct: output!,
    indexed: x!,
    writes: false,
    element: (code, { direct, at }) => emitMove(code, bytes, at, direct),
    run: (code, { direct, at, run }) => emitMoveRun(code, at, direct, run),
  });
}
