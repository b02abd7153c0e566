/** Removes copies by writing results directly to the destination. */
import { FAMILIES, isContiguous, type ProgramLaunch } from "@troodon/core/kernel";
import type { Draft, Entry } from "./draft.ts";
import { towardsMaker } from "./layout/carry.ts";
import { correspondenceOf, isOneToOne } from "./layout/correspondence.ts";
import { meets } from "./layout/regions.ts";
import { isCopy, Refused } from "./merge/parts.ts";
import { throughCopy } from "./merge/through_copy.ts";

/**
 * Lets the launch whose result `copy` copies write to the destination of the copy, and lets all other readers read
 * there. Returns the changed launch, or null if that is not possible.
 */
export function writeInPlaceOfCopy(draft: Draft, copy: Entry): Entry | null {
  if (!isCopy(copy.launch)) return null;
  const read = copy.launch.inputs[0]!, to = copy.launch.outputs[0]!, found = draft.definition(copy, read);
  if (found === null || !draft.isOwn(read.slot)) return null;
  const { entry: maker, output } = found, made = maker.launch.outputs[output]!;
  if (maker.launch.together !== undefined || maker.launch.call.kernel === "scatter") return null;
  const correspondence = read.dtype === made.dtype ? correspondenceOf(read, made) : null;
  if (correspondence === null || !isOneToOne(correspondence, made.shape)) return null;
  const place = towardsMaker(to, correspondence, made.shape);
  if (place === null || draft.isBetween(maker.at, copy.at, [], [to])) return null;
  if (!FAMILIES[maker.launch.call.kernel].mandatory && !isContiguous(place)) return null;
  if ([...maker.launch.inputs, ...maker.launch.outputs].some((view) => meets(view, place))) return null;
  const readers = readersThere(draft, copy, maker, { ...copy.launch, inputs: [place], outputs: [made] });
  if (readers === null) return null;
  for (const [reader, launch] of readers) draft.replace(reader, launch);
  draft.remove(copy);
  return draft.replace(maker, { ...maker.launch, outputs: maker.launch.outputs.with(output, place) });
}

/** Other readers, changed to read the destination of the copy; `back` is the source. Null if one of them cannot. */
function readersThere(
  draft: Draft,
  copy: Entry,
  maker: Entry,
  back: ProgramLaunch,
): [Entry, ProgramLaunch][] | null {
  const made = back.outputs[0]!, place = back.inputs[0]!, found: [Entry, ProgramLaunch][] = [];
  for (const reader of draft.readers(maker, made)) {
    if (reader === copy) continue;
    const { launch } = reader;
    if (launch.together !== undefined || draft.isBetween(copy.at, reader.at, [place], [])) return null;
    if (launch.inputs.some((view) => meets(view, made) && draft.definition(reader, view)?.entry !== maker)) {
      return null;
    }
    const next = throughCopy(back, launch);
    if (next instanceof Refused || launch.outputs.some((view) => meets(view, place))) return null;
    found.push([reader, next]);
  }
  return found;
}
