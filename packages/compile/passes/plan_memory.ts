/** Lays out memory used within a run so that values not in use at the same time share it. */
import { bytesOf, type ProgramLaunch, type ProgramSlot, type ProgramView } from "@troodon/core/kernel";
import type { Hoisted } from "./hoist_constants.ts";
import { joinInPlace } from "./in_place.ts";
import { lifetimesOf, peakOf } from "./lifetimes.ts";
import { place, type PlaceOptions } from "./place.ts";

/** Alignment of offsets in bytes, as WebGPU requires for bindings. */
export const ALIGNMENT = 256;

/** Program whose own slots are parts of a few large arenas. */
export interface PlannedMemory extends Hoisted {
  /** Original slot of each slot; null for an arena. */
  readonly origins: readonly (number | null)[];
  /** Total size of the arenas in bytes. */
  readonly arenaBytes: number;
  /** Peak number of bytes in use by own slots, a lower bound for any plan. */
  readonly peakBytes: number;
}

/**
 * Places own slots on arenas. Given and constant slots come first, in their order, followed by the arenas.
 */
export function planMemory({ program, setup }: Hoisted, options: PlaceOptions): PlannedMemory {
  const lifetimes = joinInPlace(program, lifetimesOf(program, ALIGNMENT));
  const { places, arenas } = place(lifetimes, options);
  const slots: ProgramSlot[] = [], origins: (number | null)[] = [];
  const numbers = new Map<number, { readonly slot: number; readonly start: number }>();
  program.slots.forEach((slot, number) => {
    if (slot.kind === "own") return;
    numbers.set(number, { slot: slots.push(slot) - 1, start: 0 });
    origins.push(number);
  });
  const first = slots.length;
  for (const bytes of arenas) {
    slots.push({ kind: "own", bytes });
    origins.push(null);
  }
  for (const { lifetime, arena, start } of places) {
    for (const slot of lifetime.slots) numbers.set(slot, { slot: first + arena, start });
  }
  const moved = (view: ProgramView): ProgramView => {
    const { slot, start } = numbers.get(view.slot)!, { kind, bytes } = program.slots[view.slot]!;
    if (kind !== "own") return { ...view, slot };
    const offset = view.offset + start / bytesOf(view.dtype);
    return { ...view, slot, offset, end: view.end === undefined ? start + bytes : start + view.end };
  };
  const movedLaunch = (launch: ProgramLaunch): ProgramLaunch => ({
    ...launch,
    inputs: launch.inputs.map(moved),
    outputs: launch.outputs.map(moved),
  });
  return {
    program: { slots, launches: program.launches.map(movedLaunch) },
    setup: setup.map(movedLaunch),
    origins,
    arenaBytes: arenas.reduce((sum, bytes) => sum + bytes, 0),
    peakBytes: peakOf(lifetimes),
  };
}
