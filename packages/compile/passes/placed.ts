/** Finds a valid position for the launch that replaces two others. */
import type { ProgramLaunch, ProgramView } from "@troodon/core/kernel";
import { type Draft, type Entry, readsOf, slotsOf } from "./draft.ts";
import { clashes, meets } from "./layout/regions.ts";
import { countFunctions } from "./merge/cost.ts";
import { isMap, Refused } from "./merge/parts.ts";

/** Limits of {@linkcode fuse}. */
export interface FuseLimits {
  /** Maximum number of buffers of a launch. */
  readonly buffers: number;
  /** Maximum number of functions in a body. */
  readonly functions: number;
  /** True to reject merges that keep more memory in use; false by default. */
  readonly frugal?: boolean;
}

/** For each output of the maker, true if launches other than `reader` need it. */
export function keptOf(draft: Draft, maker: Entry, reader: Entry): boolean[] {
  return maker.launch.outputs.map((view) => {
    if (!draft.isOwn(view.slot)) return true;
    return draft.readers(maker, view).some((other) => other !== reader);
  });
}

/** Merged launch, with its position. */
export interface Merged {
  /** The launch. */
  readonly launch: ProgramLaunch;
  /** The launch whose position it takes. */
  readonly at: "maker" | "reader";
}

/**
 * Creates the merged launch if it has a valid position. Cheap checks run before `merge` is called.
 *
 * @param gone Output of the maker that is no longer written; null for all outputs that no other launch needs.
 */
export function placed(
  draft: Draft,
  maker: Entry,
  reader: Entry,
  limits: FuseLimits,
  gone: number | null,
  merge: () => ProgramLaunch | Refused,
): Merged | Refused {
  const kept = gone === null ? keptOf(draft, maker, reader) : maker.launch.outputs.map((_, i) => i !== gone);
  const made = maker.launch.outputs.filter((_, i) => kept[i]), own = reader.launch;
  const isMade = (view: ProgramView): boolean => maker.launch.outputs.some((one) => meets(one, view));
  if (own.inputs.some((view) => isMade(view) && draft.definition(reader, view)?.entry !== maker)) {
    return new Refused("a launch between them changes the intermediate");
  }
  const others = own.inputs.filter((view) => !isMade(view));
  const reads = [...readsOf(maker.launch), ...others], writes = [...made, ...own.outputs];
  if (new Set([...reads, ...writes].map(({ slot }) => slot)).size > limits.buffers) {
    return new Refused(`it would have more than ${limits.buffers} buffers`);
  }
  if (functionsOf(maker) + functionsOf(reader) > limits.functions) {
    return new Refused(`it would apply more than ${limits.functions} functions`);
  }
  const place = !draft.isBetween(maker.at, reader.at, readsOf(maker.launch), made)
    ? "reader"
    : !draft.isBetween(maker.at, reader.at, others, own.outputs)
    ? "maker"
    : null;
  if (place === null) return new Refused("a launch between them uses memory that they change");
  if (limits.frugal && heldBetween(draft, maker, reader, place) > 0) {
    return new Refused("more memory would be in use between them");
  }
  const launch = merge();
  if (launch instanceof Refused) return launch;
  const clash = isMap(launch)
    ? clashes(launch.outputs, launch.inputs)
    : launch.outputs.some((view) => launch.inputs.some((read) => meets(view, read)));
  return clash ? new Refused("the result takes the place of an operand") : { launch, at: place };
}

/** Additional memory in use after merging, in bytes times launches. */
function heldBetween(draft: Draft, maker: Entry, reader: Entry, place: Merged["at"]): number {
  const [goes, stays] = place === "reader" ? [maker, reader] : [reader, maker];
  let held = 0;
  for (const slot of slotsOf(goes.launch)) {
    if (!draft.isOwn(slot)) continue;
    const users = draft.users(slot), span = users.at(-1)!.at - users[0]!.at;
    const others = users.filter((user) => user !== goes && user !== stays);
    const isGone = others.length === 0 && users.length === 2;
    const places = [...others.map(({ at }) => at), stays.at];
    const next = isGone ? 0 : Math.max(...places) - Math.min(...places);
    held += draft.slots[slot]!.bytes * (next - span);
  }
  return held;
}

const functionsOf = ({ launch }: Entry): number => isMap(launch) ? countFunctions(launch.call) : 0;

/** Replaces two launches with the merged one. */
export function settle(draft: Draft, maker: Entry, reader: Entry, { launch, at }: Merged): Entry {
  const [stays, goes] = at === "reader" ? [reader, maker] : [maker, reader];
  draft.remove(goes);
  return draft.replace(stays, launch);
}
