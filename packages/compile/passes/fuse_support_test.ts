/** Runs small programs before and after fusion, for tests. */
import { assert } from "@std/assert";
import { type DType, ReferenceBackend } from "@troodon/core";
import { bytesOf, type LaunchProgram, type ProgramLaunch, typedView } from "@troodon/core/kernel";
import { replayStep, worstDifference } from "@troodon/testing";
import { ProgramLoop } from "../program_loop.ts";
import { shown, slots } from "./build_support_test.ts";
import { fuse } from "./fuse.ts";
import { bytesRange } from "./layout/regions.ts";
import type { FuseLimits } from "./placed.ts";
import { drawsOf } from "./random_graph_support_test.ts";

/** Default limits for small programs. */
export const LIMITS: FuseLimits = { buffers: 8, functions: 100 };

/** Program whose slots are given, except for those in `own`. */
export function programOf(launches: readonly ProgramLaunch[], ...own: number[]): LaunchProgram {
  const views = launches.flatMap(({ inputs, outputs }) => [...inputs, ...outputs]);
  const count = views.reduce((most, { slot }) => Math.max(most, slot + 1), 0);
  return {
    slots: slots(
      ...Array.from({ length: count }, (_, slot) => own.includes(slot) ? "own" as const : "given" as const),
    ),
    launches,
  };
}

/** Contents of given slots before a run: random values in the dtype of their views. */
function contentsOf({ slots, launches }: LaunchProgram): (Uint8Array | null)[] {
  const draw = drawsOf(5), dtypes = new Map<number, DType>();
  for (const { inputs, outputs } of launches) {
    for (const { slot, dtype } of [...inputs, ...outputs]) if (!dtypes.has(slot)) dtypes.set(slot, dtype);
  }
  return slots.map(({ kind, bytes }, slot) => {
    const dtype = dtypes.get(slot) ?? "float32", data = new Uint8Array(bytes);
    if (kind !== "given") return null;
    const numbers = typedView(dtype as Exclude<DType, "int64">, data);
    for (let i = 0; i < bytes / bytesOf(dtype); i++) numbers[i] = draw(2001) / 500 - 2;
    return data;
  });
}

/** Fuses a program, checks that results are equal, and describes its launches. */
export function fused(program: LaunchProgram, limits: Partial<FuseLimits> = {}): string[] {
  for (const { inputs, outputs } of program.launches) {
    for (const one of [...inputs, ...outputs]) assert(bytesRange(one).end <= 4096);
  }
  const { program: less } = fuse(program, { ...LIMITS, ...limits }), before = contentsOf(program);
  const backend = new ReferenceBackend(), loop = (of: LaunchProgram) => new ProgramLoop(backend, of);
  const recording = { program, before, after: [] };
  const origins = program.slots.map((_, slot) => slot);
  const expected = replayStep(backend, recording, { program, setup: [], origins }, loop);
  const after = origins.map((slot) => expected.get(slot) ?? null);
  const found = replayStep(backend, recording, { program: less, setup: [], origins }, loop);
  const worst = worstDifference({ ...recording, after }, found);
  assert(worst <= 1e-6, `${shown(program)} to ${shown(less)}: ${worst}`);
  return shown(less);
}
