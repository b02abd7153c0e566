/** Moves launches whose results are equal in every run out of the run. */
import type { LaunchProgram, ProgramLaunch } from "@troodon/core/kernel";
import { Draft, type Entry, readsOf } from "./draft.ts";
import { covers } from "./layout/regions.ts";

/** A program, and the launches that run once before its first run. */
export interface Hoisted {
  /** Program for each run; slots that hold results of `setup` are given. */
  readonly program: LaunchProgram;
  /** Launches that run once, over the same slots. */
  readonly setup: readonly ProgramLaunch[];
}

/**
 * Moves launches to the setup that read only constants, or results of such launches, and have no live values. Given
 * slots, such as parameters, are not constant.
 */
export function hoistConstants(program: LaunchProgram): Hoisted {
  const draft = new Draft(program), setup: ProgramLaunch[] = [], fixed = new Set<number>();
  program.slots.forEach((slot, number) => {
    if (slot.kind === "constant") fixed.add(number);
  });
  for (const entry of draft.entries) {
    if (!isFixed(draft, entry, fixed)) continue;
    draft.remove(entry);
    setup.push(withoutGroup(entry.launch));
    for (const { slot } of entry.launch.outputs) fixed.add(slot);
  }
  const slots = program.slots.map((slot, number) =>
    slot.kind === "own" && fixed.has(number) ? { kind: "given" as const, bytes: slot.bytes } : slot
  );
  return { program: { slots, launches: draft.program.launches }, setup };
}

function isFixed(draft: Draft, entry: Entry, fixed: ReadonlySet<number>): boolean {
  const { launch } = entry;
  if (launch.live.length > 0 || !readsOf(launch).every(({ slot }) => fixed.has(slot))) return false;
  // The launch must be the only writer of its outputs, and run before they are read.
  return launch.outputs.every((view) => {
    if (!draft.isOwn(view.slot)) return false;
    return draft.users(view.slot).every((user) =>
      user === entry || (user.at > entry.at && user.launch.outputs.every(({ slot }) => slot !== view.slot) &&
        user.launch.inputs.every((read) => read.slot !== view.slot || covers(view, read)))
    );
  });
}

function withoutGroup({ call, inputs, outputs, live }: ProgramLaunch): ProgramLaunch {
  return { call, inputs, outputs, live };
}
