/** What kernels are written with. */
import type { Groups } from "./device/stream.ts";
import type { EntryPoint } from "./wgsl/entry_point.ts";

export type { PlanView } from "./operands.ts";
export type { Draft } from "./plan/plan.ts";
export type { Kernel, Planned, Planner } from "./plan/planner.ts";

/** Threads of a workgroup of kernels whose threads have nothing to do with each other. */
export const THREADS = 256;

const MOST = 65535;

/** Workgroups for `threads` threads, in two dimensions where one does not hold them. */
export function grid(threads: number, size: number = THREADS): Groups {
  const groups = Math.ceil(threads / size), rows = Math.ceil(groups / MOST);
  return [Math.ceil(groups / rows), rows, 1];
}

/** An entry point with the number of a thread of {@linkcode grid} as `i`; those beyond `limit` have nothing to do. */
export function entry(limit: string, body: readonly string[], threads: number = THREADS): EntryPoint {
  return { threads, numbers: "threads", body: [`if (i >= ${limit}) { return; }`, ...body] };
}
