/** Drops launches and results that are never read. */
import { body, type LaunchProgram, type ProgramLaunch, type ProgramView } from "@troodon/core/kernel";
import { Draft, type Entry } from "./draft.ts";

/** Removes launches whose results are never read, and optional outputs that are never read. */
export function dropDead(program: LaunchProgram): LaunchProgram {
  const draft = new Draft(program);
  // Last launch first, as a removed launch may be the only reader of an earlier one.
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

/** Returns true if the output `view` of a launch is read later in the run or after it. */
export function isWanted(draft: Draft, entry: Entry, view: ProgramView): boolean {
  return !draft.isOwn(view.slot) || draft.readers(entry, view).length > 0;
}

/** The launch without its unused outputs; null if its family always writes all outputs. */
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
      // Optional outputs (positions, or the bias gradient) come last.
      return wanted[0] ? { ...launch, outputs: left } : null;
    default:
      return null;
  }
}
