/** Launches and results that nobody reads are dropped. */
import { body, type LaunchProgram, type ProgramLaunch, type ProgramView } from "@troodon/core/kernel";
import { Draft, type Entry } from "./draft.ts";

/** Takes launches out whose results nobody reads, and results out of launches that may leave them out. */
export function dropDead(program: LaunchProgram): LaunchProgram {
  const draft = new Draft(program);
  // From the end, as a launch that goes may have been the only reader of another.
  for (const entry of draft.entries.toReversed()) {
    const { launch } = entry;
    const wanted = launch.outputs.map((view) => isWanted(draft, entry, view));
    if (!wanted.includes(true)) draft.remove(entry);
    else if (wanted.includes(false)) {
      const less = withoutOutputs(launch, wanted);
      if (less !== null) draft.replace(entry, less);
    }
  }
  return draft.program;
}

/** True if somebody reads what a launch wrote, in the run or after it. */
export function isWanted(draft: Draft, entry: Entry, view: ProgramView): boolean {
  return !draft.isOwn(view.slot) || draft.readers(entry, view).length > 0;
}

/** The launch without the outputs that are not wanted; null where its family writes them always. */
function withoutOutputs(launch: ProgramLaunch, wanted: readonly boolean[]): ProgramLaunch | null {
  const { call, outputs } = launch;
  const left = outputs.filter((_, i) => wanted[i]);
  switch (call.kernel) {
    case "map":
      return {
        ...launch,
        call: { ...call, body: body(...call.body.outputs.filter((_, i) => wanted[i])) },
        outputs: left,
      };
    case "maxPool2d":
    case "conv2dWeightGrad":
      // Positions, or the gradient of the bias, stand last.
      return wanted[0] ? { ...launch, outputs: left } : null;
    default:
      return null;
  }
}
