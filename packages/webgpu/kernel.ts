/** What kernels are written with. */
import type { Groups } from "./device/stream.ts";

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

/** The number of a thread of {@linkcode grid} as `i`; those beyond `limit` have nothing to do. */
export function entry(limit: string, body: readonly string[], size: number = THREADS): string {
  return [
    `@compute @workgroup_size(${size})`,
    "fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {",
    `  let i = id.x + id.y * groups.x * ${size}u;`,
    `  if (i >= ${limit}) { return; }`,
    ...body.map((line) => `  ${line}`),
    "}",
  ].join("\n");
}
