/** Builds the program that repeats recorded calls. */
import type { DType } from "@troodon/core";
import {
  body,
  bytesOf,
  computeType,
  contiguousLayout,
  expr,
  type LaunchProgram,
  type LiveValue,
  type ProgramLaunch,
  type ProgramSlot,
  type ProgramView,
} from "@troodon/core/kernel";
import { visitViews } from "./finish_trace.ts";
import { type NumberRoles, scalarsOf } from "./number_roles.ts";
import { type SlotSource, sourceOf } from "./slot_source.ts";
import { independent } from "./together.ts";
import type { ResultTree, Trace, TraceLaunch, TraceWrite } from "./trace.ts";

/** Slot of a built program: the origin of its memory, and whether the memory is used outside after a run. */
export interface BuiltSlot {
  /** Origin of the memory. */
  readonly source: SlotSource;
  /** True if the slot holds a result or a gradient after a run. */
  readonly held: boolean;
}

/** Launch of a section, with the indices of its numbers and random state. */
export interface SectionLaunch {
  /** The recorded launch. */
  readonly launch: TraceLaunch;
  /** Launch over the slots of the program. */
  readonly views: ProgramLaunch;
  /** Index of the number for the first scalar. */
  readonly number: number;
  /** Index of the random state; -1 if the launch draws no random numbers. */
  readonly random: number;
}

/** Program, and the data that its runs need. */
export interface BuiltProgram {
  /** The program. */
  readonly program: LaunchProgram;
  /** Slots of the program. */
  readonly slots: readonly BuiltSlot[];
  /** Number of launches before each step of the trace, and before its end. */
  readonly launchesBefore: readonly number[];
  /** Launches of each section, by the index of the section's event. */
  readonly sections: ReadonlyMap<number, readonly SectionLaunch[]>;
  /** Number of live numbers; those of the sources come first. */
  readonly numberCount: number;
  /** Roles of the numbers. */
  readonly roles: NumberRoles;
  /** Index of the live number that each event sets. */
  readonly numberOfEvent: ReadonlyMap<number, number>;
  /** Slots used by launches outside of sections. */
  readonly usedOutside: ReadonlySet<number>;
  /** Result of a call, over the slots of the program. */
  readonly result: ResultTree;
  /** True for arguments whose views move with the argument's offset in its memory. */
  readonly movable: readonly boolean[];
}

const COPY = body(expr.input(0));

/** Builds the program of recorded calls that made the same launches; `roles` are the roles of their numbers. */
export function buildProgram(traces: readonly Trace[], roles: NumberRoles): BuiltProgram {
  const trace = traces.at(-1)!;
  const movable = trace.argumentSlots.map((slot, i) =>
    slot !== null && isMovable(trace, slot, trace.argumentOffsets[i]!)
  );
  const shift = new Map<number, number>();
  trace.argumentSlots.forEach((slot, i) => movable[i] && shift.set(slot!, trace.argumentOffsets[i]!));
  const moved = (view: ProgramView): ProgramView => {
    const by = shift.get(view.slot) ?? 0;
    return by === 0 ? view : { ...view, offset: view.offset - by };
  };
  const held = new Set<number>();
  visitViews(trace.result, (slot) => held.add(slot));
  for (const event of trace.events) {
    if (event.kind === "grad" && event.view !== null) held.add(event.view.slot);
  }

  const slots: ProgramSlot[] = [], built: BuiltSlot[] = [];
  trace.slots.forEach((_, slot) => {
    const source = sourceOf(trace, slot),
      write = source.kind === "own" && !held.has(slot) ? onlyWrite(trace, slot) : null;
    const bytes = source.kind === "argument"
      ? reachOf(trace, slot, shift.get(slot) ?? 0)
      : trace.slots[slot]!.bytes;
    slots.push(
      write !== null
        ? { kind: "constant", bytes, data: write.data }
        : { kind: source.kind === "own" && !held.has(slot) ? "own" : "given", bytes },
    );
    built.push({ source, held: source.kind === "own" && held.has(slot) });
  });

  const live = new Map<number, LiveValue[]>();
  for (const [step, index, number] of roles.live) {
    const values = live.get(step) ?? [];
    values.push({ kind: "scalar", index, number });
    live.set(step, values);
  }
  const launches: ProgramLaunch[] = [],
    launchesBefore: number[] = [],
    sections = new Map<number, SectionLaunch[]>();
  let numberCount = roles.sources.length,
    randomCount = trace.events.filter(({ kind }) => kind === "reserve").length;
  const together = independent(trace.steps);
  trace.steps.forEach((step, i) => {
    launchesBefore.push(launches.length);
    if (step.kind === "write") {
      if (slots[step.slot]!.kind === "constant") return;
      const constant = slots.push({ kind: "constant", bytes: step.data.length, data: step.data }) - 1;
      built.push({ source: { kind: "own" }, held: false });
      launches.push(copyOf(step, constant, dtypeOf(trace, step), moved));
      return;
    }
    const values = live.get(i) ?? [], random = trace.randoms.get(step), number = numberCount;
    if (random !== undefined) values.push({ kind: "random", random });
    let drawn = -1;
    if (step.section !== null) {
      scalarsOf(step).forEach((_, index) => values.push({ kind: "scalar", index, number: numberCount++ }));
      if ("random" in step.call && step.call.random !== undefined) {
        values.push({ kind: "random", random: drawn = randomCount++ });
      }
    }
    const launch: ProgramLaunch = {
      call: step.call,
      inputs: step.inputs.map(moved),
      outputs: step.outputs.map(moved),
      live: values,
      ...(together[i] !== null && { together: together[i]! }),
      ...(step.origin !== undefined && { origins: [step.origin] }),
    };
    launches.push(launch);
    if (step.section === null) return;
    const section = sections.get(step.section) ?? [];
    section.push({ launch: step, views: launch, number, random: drawn });
    sections.set(step.section, section);
  });
  launchesBefore.push(launches.length);
  const usedOutside = new Set<number>(), numberOfEvent = new Map<number, number>();
  for (const step of trace.steps) {
    if (step.kind !== "launch" || step.section !== null) continue;
    for (const { slot } of [...step.inputs, ...step.outputs]) usedOutside.add(slot);
  }
  roles.sources.forEach(({ kind, index }, source) => kind === "event" && numberOfEvent.set(index, source));
  const result = movedResult(persistent(traces.map((t) => t.result)), moved);
  return {
    program: { slots, launches },
    slots: built,
    launchesBefore,
    sections,
    numberCount,
    roles,
    numberOfEvent,
    usedOutside,
    result,
    movable,
  };
}

/** Returns true if an argument begins at another offset in the second call, but its views do not move with it. */
export function placesDiffer(a: Trace, b: Trace): boolean {
  return a.argumentSlots.some((slot, i) => {
    const [one, other] = [a.argumentOffsets[i]!, b.argumentOffsets[i]!];
    return slot !== null && one !== other && !isMovable(a, slot, one);
  });
}

/** Returns true if all views of an argument begin at or after its first element and none is written. */
function isMovable(trace: Trace, slot: number, start: number): boolean {
  if (trace.slots[slot]!.written) return false;
  return trace.steps.every((step) =>
    step.kind === "write" ||
    [...step.inputs, ...step.outputs].every((view) => view.slot !== slot || view.offset >= start)
  );
}

/** Number of bytes that views of a slot reach if its first element is at `start`. */
function reachOf(trace: Trace, slot: number, start: number): number {
  let bytes = 0;
  const look = ({ slot: other, shape, strides, offset, dtype }: ProgramView): void => {
    if (other !== slot || shape.includes(0)) return;
    const last = shape.reduce((sum, n, i) => sum + Math.max(0, (n - 1) * strides[i]!), offset - start);
    bytes = Math.max(bytes, (last + 1) * bytesOf(dtype));
  };
  for (const step of trace.steps) if (step.kind === "launch") [...step.inputs, ...step.outputs].forEach(look);
  return bytes;
}

/** The only write to a slot, if it is by the host and from the first byte; null otherwise. */
function onlyWrite(trace: Trace, slot: number): TraceWrite | null {
  let write: TraceWrite | null = null;
  for (const step of trace.steps) {
    if (step.kind === "write") {
      if (step.slot !== slot) continue;
      if (write !== null || step.start !== 0) return null;
      write = step;
    } else if (step.outputs.some((view) => view.slot === slot)) return null;
    else if (write === null && step.inputs.some((view) => view.slot === slot)) return null;
  }
  return write;
}

/** Dtype of the data that the host wrote, as read by the first launch that uses the slot. */
function dtypeOf(trace: Trace, { slot }: TraceWrite): DType {
  for (const step of trace.steps) {
    if (step.kind === "write") continue;
    const view = [...step.inputs, ...step.outputs].find((v) => v.slot === slot);
    if (view !== undefined) return view.dtype;
  }
  let dtype: DType = "uint8";
  const look = (tree: ResultTree): void => {
    if (tree.kind === "tensor" && tree.view.slot === slot) dtype = tree.view.dtype;
    else if (tree.kind === "list") tree.items.forEach(look);
    else if (tree.kind === "record") tree.items.forEach(([, item]) => look(item));
  };
  look(trace.result);
  return dtype;
}

/** Launch that copies constant data to the place where the host wrote it. */
function copyOf(
  { slot, start, data }: TraceWrite,
  constant: number,
  dtype: DType,
  moved: (view: ProgramView) => ProgramView,
): ProgramLaunch {
  const size = bytesOf(dtype), shape = [data.length / size];
  const view = { dtype, ...contiguousLayout(shape) };
  return {
    call: { kernel: "map", body: COPY, compute: computeType(dtype), scalars: [], shape },
    inputs: [{ ...view, slot: constant }],
    outputs: [moved({ ...view, slot, offset: start / size })],
    live: [],
  };
}

/** Result tree of the last call; tensors that were the same object in all calls are returned unchanged. */
function persistent(trees: readonly ResultTree[]): ResultTree {
  const tree = trees.at(-1)!;
  switch (tree.kind) {
    case "tensor": {
      const object = tree.object.deref();
      const same = object !== undefined && trees.length > 1 &&
        trees.every((other) => other.kind === "tensor" && other.object.deref() === object);
      return same ? { kind: "constant", value: object } : tree;
    }
    case "list":
      return {
        kind: "list",
        items: tree.items.map((_, i) => persistent(trees.map((t) => (t as typeof tree).items[i]!))),
      };
    case "record":
      return {
        ...tree,
        items: tree.items.map(([key], i) =>
          [key, persistent(trees.map((t) => (t as typeof tree).items[i]![1]))] as const
        ),
      };
    default:
      return tree;
  }
}

function movedResult(tree: ResultTree, moved: (view: ProgramView) => ProgramView): ResultTree {
  if (tree.kind === "tensor") return { ...tree, view: moved(tree.view) };
  if (tree.kind === "list") return { ...tree, items: tree.items.map((item) => movedResult(item, moved)) };
  if (tree.kind !== "record") return tree;
  return { ...tree, items: tree.items.map(([key, item]) => [key, movedResult(item, moved)] as const) };
}
