/** Groups neighboring maps with equal bodies so that they run together. */
import { type LaunchProgram, type LiveValue, type ProgramLaunch, sameNumbers } from "@troodon/core/kernel";
import { readsOf } from "./draft.ts";
import { meets } from "./layout/regions.ts";
import { isMap } from "./merge/parts.ts";

/**
 * Marks neighboring independent maps with equal bodies and numbers, such as those of an optimizer, to run together.
 * Existing groups are kept.
 */
export function groupMaps({ slots, launches }: LaunchProgram): LaunchProgram {
  const grouped: ProgramLaunch[] = [];
  let next = launches.reduce((most, { together }) => Math.max(most, (together ?? -1) + 1), 0);
  for (let start = 0; start < launches.length;) {
    const end = endOfGroup(launches, start), group = launches.slice(start, end);
    grouped.push(...group.length > 1 ? group.map((launch) => ({ ...launch, together: next })) : group);
    if (group.length > 1) next++;
    start = end;
  }
  return { slots, launches: grouped };
}

/** Index of the first launch after `start` that does not belong to its group. */
function endOfGroup(launches: readonly ProgramLaunch[], start: number): number {
  const first = launches[start]!;
  let end = start + 1;
  if (first.together !== undefined) return end;
  while (end < launches.length && isLike(first, launches[end]!)) {
    const { outputs } = launches[end]!, reads = readsOf(launches[end]!);
    const apart = launches.slice(start, end).every((other) =>
      !other.outputs.some((made) => [...reads, ...outputs].some((view) => meets(made, view))) &&
      !outputs.some((made) => readsOf(other).some((view) => meets(made, view)))
    );
    if (!apart) break;
    end++;
  }
  return end;
}

function isLike(a: ProgramLaunch, b: ProgramLaunch): boolean {
  if (!isMap(a) || !isMap(b) || b.together !== undefined) return false;
  if (a.call.body !== b.call.body || a.call.compute !== b.call.compute || a.call.random || b.call.random) {
    return false;
  }
  return sameNumbers(a.call.scalars, b.call.scalars) && sameLive(a.live, b.live);
}

function sameLive(a: readonly LiveValue[], b: readonly LiveValue[]): boolean {
  return a.length === b.length && a.every((live, i) => {
    const other = b[i]!;
    return live.kind === "scalar" && other.kind === "scalar" && live.index === other.index &&
      live.number === other.number;
  });
}
