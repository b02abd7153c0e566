/** Merges neighboring launches into one kernel. */
import { type LaunchProgram, type ProgramLaunch, type ProgramView, sizeOf } from "@troodon/core/kernel";
import { writeInPlaceOfCopy } from "./copies.ts";
import { type Definition, Draft, type Entry } from "./draft.ts";
import { meets } from "./layout/regions.ts";
import { besideEachOther } from "./merge/beside.ts";
import { isCheap, isWorthRepeating } from "./merge/cost.ts";
import { intoMaker } from "./merge/into_maker.ts";
import { intoReader, readsByBody } from "./merge/into_reader.ts";
import { isCopy, isMap, type MapLaunch, Refused } from "./merge/parts.ts";
import { throughCopy } from "./merge/through_copy.ts";
import { type FuseLimits, keptOf, type Merged, placed, settle } from "./placed.ts";

/** Two launches that were not merged, and why. */
export interface NotFused {
  /** Index of the launch that writes the intermediate. */
  readonly maker: number;
  /** Index of the launch that reads it. */
  readonly reader: number;
  /** The reason, as a clause. */
  readonly reason: string;
}

/** Result of {@linkcode fuse}. */
export interface Fused {
  /** The program with fewer launches. */
  readonly program: LaunchProgram;
  /** Maps that were not merged with their neighbors. */
  readonly notFused: readonly NotFused[];
}

/** Strategy for merging two launches: with or without keeping the intermediate result. */
type Way = (draft: Draft, entry: Entry, limits: FuseLimits) => Entry | Refused | null;

const WAYS: readonly Way[] = [
  withoutIntermediate,
  inAllReaders,
  writeInPlaceOfCopy,
  withIntermediate,
  besideSiblings,
  withoutIntermediate,
];

/**
 * Merges maps with the kernels that read their results, and kernels with the maps that read theirs. Launches marked to
 * run together are left unchanged.
 */
export function fuse(program: LaunchProgram, limits: FuseLimits): Fused {
  const draft = new Draft(program);
  for (const way of WAYS) exhaust(draft, way, limits);
  return { program: draft.program, notFused: reasonsOf(draft, limits) };
}

/** Applies a strategy until it finds nothing to merge; merged launches and their neighbors are tried again. */
function exhaust(draft: Draft, way: Way, limits: FuseLimits): void {
  const waiting = draft.entries.reverse();
  for (;;) {
    const entry = waiting.pop();
    if (entry === undefined) return;
    if (!draft.has(entry) || entry.launch.together !== undefined) continue;
    const merged = way(draft, entry, limits);
    if (!(merged instanceof Refused) && merged !== null) waiting.push(...neighborsOf(draft, merged), merged);
  }
}

function neighborsOf(draft: Draft, entry: Entry): Entry[] {
  const { launch } = entry, found = new Set<Entry>();
  for (const view of launch.outputs) for (const reader of draft.readers(entry, view)) found.add(reader);
  for (const maker of makersOf(draft, entry)) found.add(maker.entry);
  return [...found];
}

/** Launches that wrote the inputs of a launch, each output once. */
function makersOf(draft: Draft, entry: Entry): Definition[] {
  const found: Definition[] = [];
  for (const view of entry.launch.inputs) {
    const made = draft.definition(entry, view);
    if (made === null || made.entry.launch.together !== undefined) continue;
    if (!found.some((other) => other.entry === made.entry && other.output === made.output)) found.push(made);
  }
  return found;
}

/** Merges a launch with the maker of an input that no other launch reads. */
function withoutIntermediate(draft: Draft, reader: Entry, limits: FuseLimits): Entry | Refused | null {
  let reason: Refused | null = null;
  for (const { entry: maker, output } of makersOf(draft, reader)) {
    const merged = mergedAlone(draft, maker, output, reader, limits);
    if (!(merged instanceof Refused)) return settle(draft, maker, reader, merged);
    reason = merged;
  }
  return reason;
}

function mergedAlone(
  draft: Draft,
  maker: Entry,
  output: number,
  reader: Entry,
  limits: FuseLimits,
): Merged | Refused {
  const made = maker.launch, read = reader.launch;
  const kept = keptOf(draft, maker, reader);
  if (isMap(made) && readsByBody(read)) {
    if (kept.includes(true)) return new Refused("other launches read the intermediate too");
    if (!isWorthRepeating(made, sizeOf(read.call.shape))) {
      return new Refused("it would be calculated repeatedly");
    }
    return placed(draft, maker, reader, limits, null, () => intoReader(made, read, kept));
  }
  if (!isMap(read)) return new Refused(`${read.call.kernel} has no prologue`);
  if (kept[output]) return new Refused("other launches read the intermediate too");
  return placed(draft, maker, reader, limits, output, () => intoMaker(made, read, output));
}

/** Moves a cheap map into all of its readers, or lets the readers of a copy read its source. */
function inAllReaders(draft: Draft, maker: Entry, limits: FuseLimits): Entry | null {
  const { launch } = maker;
  if (!isMap(launch) || launch.outputs.length > 1 || !isCheap(launch)) return null;
  const made = launch.outputs[0]!, readers = draft.readers(maker, made);
  if (!draft.isOwn(made.slot) || readers.length === 0) return null;
  const merged: [Entry, ProgramLaunch][] = [];
  for (const reader of readers) {
    const next = readInPlace(draft, maker, reader, limits);
    if (next instanceof Refused) return null;
    merged.push([reader, next]);
  }
  let last = maker;
  for (const [reader, next] of merged) last = draft.replace(reader, next);
  draft.remove(maker);
  return last;
}

function readInPlace(draft: Draft, maker: Entry, reader: Entry, limits: FuseLimits): ProgramLaunch | Refused {
  const { launch } = reader, made = maker.launch as MapLaunch;
  if (launch.together !== undefined) return new Refused("it is read by launches that run together");
  const merged = placed(draft, maker, reader, limits, 0, () => {
    if (readsByBody(launch)) return intoReader(made, launch, [false]);
    return isCopy(made) ? throughCopy(made, launch) : new Refused(`${launch.call.kernel} has no prologue`);
  });
  if (merged instanceof Refused) return merged;
  return merged.at === "reader"
    ? merged.launch
    : new Refused("a launch between them uses memory that they change");
}

/** Merges two maps and keeps the intermediate, which other launches read too. */
function withIntermediate(draft: Draft, reader: Entry, limits: FuseLimits): Entry | Refused | null {
  if (!isMap(reader.launch)) return null;
  let reason: Refused | null = null;
  for (const { entry: maker } of makersOf(draft, reader)) {
    if (!isMap(maker.launch)) continue;
    const [made, read] = [maker.launch, reader.launch], kept = keptOf(draft, maker, reader);
    if (!kept.includes(true)) continue;
    const merged = placed(
      draft,
      maker,
      reader,
      limits,
      null,
      () => intoReader(made, read, kept),
    );
    if (!(merged instanceof Refused)) return settle(draft, maker, reader, merged);
    reason = merged;
  }
  return reason;
}

/** Merges a map with a later one that reads the same operand. */
function besideSiblings(draft: Draft, first: Entry, limits: FuseLimits): Entry | null {
  if (!isMap(first.launch)) return null;
  for (const view of first.launch.inputs) {
    for (const second of draft.users(view.slot)) {
      if (second.at <= first.at || second.launch.together !== undefined || !isMap(second.launch)) continue;
      if (sizeOf(second.launch.call.shape) !== sizeOf(first.launch.call.shape)) continue;
      const merged = mergedBeside(draft, first, second, view, limits);
      if (merged !== null) return settle(draft, first, second, merged);
    }
  }
  return null;
}

function mergedBeside(
  draft: Draft,
  first: Entry,
  second: Entry,
  view: ProgramView,
  limits: FuseLimits,
): Merged | null {
  const [a, b] = [first.launch as MapLaunch, second.launch as MapLaunch];
  // A map that reads the other's result is not a sibling.
  if (b.inputs.some((read) => a.outputs.some((made) => meets(read, made)))) return null;
  for (const shared of b.inputs) {
    if (shared.slot !== view.slot || shared.dtype !== view.dtype) continue;
    const merged = placed(
      draft,
      first,
      second,
      limits,
      null,
      () => besideEachOther(a, b, { first: view, second: shared }),
    );
    if (!(merged instanceof Refused)) return merged;
  }
  return null;
}

/** Reasons why maps were not merged with their neighbors. */
function reasonsOf(draft: Draft, limits: FuseLimits): NotFused[] {
  const entries = draft.entries, numbers = new Map(entries.map((entry, i) => [entry, i]));
  const found: NotFused[] = [];
  for (const reader of entries) {
    for (const { entry: maker, output } of makersOf(draft, reader)) {
      if (!isMap(maker.launch) && !isMap(reader.launch)) continue;
      const merged = reader.launch.together !== undefined
        ? new Refused("the reader runs together with others")
        : mergedAlone(draft, maker, output, reader, limits);
      if (!(merged instanceof Refused)) continue;
      found.push({ maker: numbers.get(maker)!, reader: numbers.get(reader)!, reason: merged.reason });
    }
  }
  return found;
}
