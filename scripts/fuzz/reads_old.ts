/** Finds gradients of the values before an in-place change that PyTorch refuses. */
import type { Device } from "@troodon/core";
import { compareShown, type Difference, type TorchTrace } from "./compare.ts";
import { runHere } from "./here.ts";
import type { Program } from "./program.ts";
import type { TorchProcess } from "./torch_process.ts";

/**
 * Returns true if Troodon's value matches PyTorch's for the program without in-place changes: PyTorch's own
 * copies do not include values saved by its libraries.
 */
export async function readsOld(
  program: Program,
  { detail, aspect }: Difference,
  device: Device,
  torch: TorchProcess,
): Promise<boolean> {
  if (aspect !== "value") return false;
  const key = detail.slice(0, detail.indexOf(": "));
  const pure = program.filter((s) => !("call" in s) || s.call !== "set" && !s.call.endsWith("_"));
  const [there] = await torch.ask<TorchTrace[]>([pure]);
  const mine = runHere(program, device).end[key], other = there!.run.end[key];
  return mine !== undefined && other !== undefined &&
    compareShown(mine, other, there!.wide.end[key], { loose: false, single: true, constant: true }) === null;
}
