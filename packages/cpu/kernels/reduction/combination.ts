/** How reductions and scans combine values, as instructions. */
import type { ReduceOp } from "@troodon/core";
import { COMBINATIONS } from "@troodon/core/kernel";

/** The instruction that combines two values: its name is that of the scalar function. */
export function instructionOf(op: ReduceOp): "add" | "mul" | "max" | "min" {
  const { fn } = COMBINATIONS[op];
  if (fn === "logaddexp") throw new TypeError(`Cannot combine by ${fn}() as it is no instruction`);
  return fn;
}
