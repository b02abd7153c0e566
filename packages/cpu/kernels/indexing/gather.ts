/** Elements picked along an axis. */
import type { GatherCall } from "@troodon/core";
import { bytesOf, REFUSALS } from "@troodon/core/kernel";
import type { Kernel } from "../../kernel.ts";
import { planned } from "../../plan/planned_kernel.ts";
import { planIndexed } from "./indexing.ts";
import { emitMove, emitMoveRun } from "./moves.ts";

/** See {@linkcode GatherCall}. */
export const gather: Kernel<GatherCall> = planned({
  key(key, { axis, refusal }, inputs, outputs): void {
    key.add(axis).add(refusal === undefined ? -1 : REFUSALS.indexOf(refusal)).views(inputs).layouts(outputs);
  },
  plan(planner, { axis, refusal }, [x, index], [output]): void {
    const bytes = bytesOf(x!.dtype);
    planIndexed(planner, {
      key: `gather/${bytes}`,
      axis,
      index: index!,
      direct: output!,
      indexed: x!,
      writes: false,
      refusal,
      element: (code, { direct, at }) => emitMove(code, bytes, at, direct),
      run: (code, { direct, at, run }) => emitMoveRun(code, at, direct, run),
    });
  },
});
