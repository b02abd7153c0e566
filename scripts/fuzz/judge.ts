/** Finds the kind of a difference, with further runs of PyTorch where needed. */
import type { Device } from "@troodon/core";
import type { Difference, TorchTrace } from "./compare.ts";
import { judgeGradient } from "./derivative.ts";
import { evidenceOf, pairsOf } from "./evidence.ts";
import { kindOf } from "./known.ts";
import { CHANGED, type Known } from "./known_kind.ts";
import type { Program, Trace } from "./program.ts";
import { readsOld } from "./reads_old.ts";
import type { TorchProcess } from "./torch_process.ts";

/** Program with its outcomes in Troodon and in PyTorch. */
export interface Ran {
  readonly program: Program;
  readonly here: Trace;
  readonly there: TorchTrace;
}

/** Returns the kind of a difference, or null if it is unknown. */
export async function judge(
  { program, here, there }: Ran,
  difference: Difference,
  device: Device,
  torch: TorchProcess,
): Promise<Known | null> {
  if (difference.copied && await readsOld(program, difference, device, torch)) return CHANGED;
  const ofGradient = difference.of === "grad" && /^(value|kind)$/.test(difference.aspect);
  const derivative = ofGradient ? await judgeGradient(program, difference, pairsOf(difference), torch) : null;
  return kindOf(difference, evidenceOf(program, difference, here, there.run, derivative));
}
