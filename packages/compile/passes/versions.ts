/** Gives values that replace each other in a slot slots of their own, so that launches can be reordered. */
import type { LaunchProgram, ProgramLaunch, ProgramView } from "@troodon/core/kernel";
import { Draft, type Entry, readsOf } from "./draft.ts";
import { covers } from "./layout/regions.ts";

/**
 * Gives a launch a new slot for its output if it overwrites everything that is read later from an own slot. The memory
 * plan combines the slots again.
 */
export function separateVersions(program: LaunchProgram): LaunchProgram {
  const draft = new Draft(program), count = program.slots.length;
  for (let slot = 0; slot < count; slot++) {
    if (draft.isOwn(slot)) separate(draft, slot);
  }
  return draft.program;
}

function separate(draft: Draft, slot: number): void {
  const users = [...draft.users(slot)], starts = versionStarts(users, slot);
  let current = slot;
  for (const [i, entry] of users.entries()) {
    const { launch } = entry, before = current;
    if (i > 0 && starts.has(entry)) current = draft.addOwn(draft.slots[slot]!.bytes);
    if (current === slot) continue;
    const renamed = (views: readonly ProgramView[], to: number): ProgramView[] =>
      views.map((view) => view.slot === slot ? { ...view, slot: to } : view);
    const next: ProgramLaunch = {
      ...launch,
      inputs: renamed(launch.inputs, before),
      outputs: renamed(launch.outputs, current),
    };
    draft.replace(entry, next);
  }
}

/** Launches that overwrite a slot completely, so that no earlier contents are read after them. */
function versionStarts(users: readonly Entry[], slot: number): Set<Entry> {
  const starts = new Set<Entry>();
  let later: ProgramView[] = [];
  for (const entry of users.toReversed()) {
    const { launch } = entry, written = launch.outputs.filter((view) => view.slot === slot);
    const isStart = written.length === 1 && launch.call.kernel !== "scatter" &&
      launch.together === undefined && later.every((view) => covers(written[0]!, view));
    if (isStart) {
      starts.add(entry);
      later = [];
    } else {
      later.push(...written);
    }
    later.push(...readsOf(launch).filter((view) => view.slot === slot));
  }
  return starts;
}
