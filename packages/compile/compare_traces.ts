/** Compares two recorded calls of a function, except for their numbers. */
import type { Generator } from "@troodon/core";
import type { KernelCall, ProgramView } from "@troodon/core/kernel";
import { placeOf } from "./site.ts";
import { sourceOf } from "./slot_source.ts";
import type { ResultTree, Trace, TraceEvent, TraceStep } from "./trace.ts";

/** Describes the first difference between two calls; null if both make the same launches on the same outside memory. */
export function differenceOf(a: Trace, b: Trace): string | null {
  const count = Math.min(a.steps.length, b.steps.length);
  for (let i = 0; i < count; i++) {
    const reason = stepDifference(a, b, a.steps[i]!, b.steps[i]!);
    if (reason !== null) return `${reason}${placeOf(b.steps[i]!.site)}`;
  }
  if (a.steps.length !== b.steps.length) {
    const more = (a.steps[count] ?? b.steps[count])!;
    return `the number of kernel calls is ${a.steps.length} in one call and ${b.steps.length} in another, ` +
      `the first additional one was made${placeOf(more.site)}`;
  }
  if (!sameEvents(a, b)) {
    return "the steps of optimizers, gradients or draws of random numbers differ between calls";
  }
  if (!sameValues(a.disposed, b.disposed)) return "it does not dispose of the same arguments in each call";
  if (!sameResult(a, b, a.result, b.result)) {
    return "its result differs between calls in more than tensor values: return tensors, not numbers";
  }
  for (let slot = 0; slot < a.slots.length; slot++) {
    const [before, now] = [sourceOf(a, slot), sourceOf(b, slot)];
    const same = before.kind === now.kind &&
      (before.kind !== "argument" || before.index === (now as typeof before).index) &&
      (before.kind !== "grad" || before.leaf === (now as typeof before).leaf) &&
      (before.kind !== "fixed" || before.key === (now as typeof before).key);
    if (same) continue;
    const user = b.steps.find((step) =>
      step.kind === "launch" && [...step.inputs, ...step.outputs].some((view) => view.slot === slot)
    );
    return `it reads other memory in each call${
      user ? placeOf(user.site) : ""
    }: give the tensor as an argument, or ` +
      "change one in place";
  }
  return null;
}

function stepDifference(a: Trace, b: Trace, one: TraceStep, other: TraceStep): string | null {
  if (one.kind === "write" || other.kind === "write") {
    if (one.kind !== other.kind || one.kind !== "write" || other.kind !== "write") {
      return "kernel calls differ between calls";
    }
    if (one.slot !== other.slot || one.start !== other.start || one.data.length !== other.data.length) {
      return "data written by the host differ in size between calls";
    }
    return one.data.every((byte, i) => byte === other.data[i])
      ? null
      : "data of the host differ between calls, give them as a tensor among the arguments:";
  }
  if (!sameCall(one.call, other.call)) {
    return `kernel calls differ between calls (${one.call.kernel} and ${other.call.kernel})`;
  }
  const [before, now] = [one, other].map(({ inputs, outputs }) => [...inputs, ...outputs]) as [
    ProgramView[],
    ProgramView[],
  ];
  if (before.length !== now.length || before.some((view, i) => !sameView(a, b, view, now[i]!))) {
    return `shapes or memory of a kernel call differ between calls (${one.call.kernel})`;
  }
  const draws = a.randoms.get(one);
  return one.section === other.section && draws === b.randoms.get(other) &&
      (draws !== undefined || one.section !== null || sameValues(randomOf(one.call), randomOf(other.call)))
    ? null
    : `a kernel call belongs to another step of an optimizer, or draws other random numbers, in each call`;
}

/** Returns true if two views are equal relative to the start of their arguments. */
export function sameView(a: Trace, b: Trace, one: ProgramView, other: ProgramView): boolean {
  return one.slot === other.slot && one.dtype === other.dtype && sameValues(one.shape, other.shape) &&
    sameValues(one.strides, other.strides) &&
    one.offset - startOf(a, one.slot) === other.offset - startOf(b, other.slot);
}

function startOf(trace: Trace, slot: number): number {
  const index = trace.argumentSlots.indexOf(slot);
  return index < 0 ? 0 : trace.argumentOffsets[index]!;
}

/** Returns true if two kernel calls are equal except for numbers and random states. */
export function sameCall(a: KernelCall, b: KernelCall): boolean {
  if (a === b) return true;
  const keys = Object.keys(a), one = a as unknown as Fields, other = b as unknown as Fields;
  return keys.length === Object.keys(b).length &&
    keys.every((key) =>
      key === "random"
        ? other[key] !== undefined
        : key === "scalars"
        ? (one[key] as readonly number[]).length === (other[key] as readonly number[]).length
        : sameValues(one[key], other[key])
    );
}

const randomOf = (call: KernelCall): unknown => "random" in call ? call.random : undefined;

type Fields = Record<string, unknown>;

/** Returns true if two plain values are deeply equal; bodies are compared by identity. */
export function sameValues(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, i) => sameValues(item, b[i]));
  }
  if (!isPlainObject(a) || !isPlainObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => sameValues(a[key], b[key]));
}

function isPlainObject(x: unknown): x is Fields {
  return typeof x === "object" && x !== null && Object.getPrototypeOf(x) === Object.prototype;
}

function sameEvents(a: Trace, b: Trace): boolean {
  return a.events.length === b.events.length &&
    a.events.every((event, i) => sameEvent(a, b, event, b.events[i]!)) &&
    sameGenerators(a.events, b.events);
}

/**
 * Returns true if both calls draw from the same generators, or from generators that they reset to the same state first.
 */
function sameGenerators(a: readonly TraceEvent[], b: readonly TraceEvent[]): boolean {
  const known = new Map<Generator, Generator>();
  return a.every((one, i) => {
    const other = b[i]!;
    if (!("generator" in one) || !("generator" in other)) return true;
    const seen = known.get(one.generator);
    if (seen !== undefined) return seen === other.generator;
    known.set(one.generator, other.generator);
    return one.generator === other.generator || (one.kind === "giveState" && typeof one.state !== "number");
  });
}

function sameEvent(a: Trace, b: Trace, one: TraceEvent, other: TraceEvent): boolean {
  if (one.at !== other.at) return false;
  switch (one.kind) {
    case "nothing":
    case "number":
      return other.kind === one.kind;
    case "section":
      return other.kind === "section" && one.numbers.length === other.numbers.length;
    case "reserve":
      return other.kind === "reserve" && one.blocks === other.blocks;
    case "takeState":
      return other.kind === "takeState";
    case "toggle":
      return other.kind === "toggle" && one.leaf === other.leaf && one.on === other.on;
    case "giveState":
      return other.kind === "giveState" && sameValues(one.state, other.state);
    case "changed":
      return other.kind === "changed" && one.ofGrad === other.ofGrad;
    case "grad":
      return other.kind === "grad" && one.leaf === other.leaf && one.place?.index === other.place?.index &&
        one.place?.flat === other.place?.flat &&
        (one.view === null || other.view === null
          ? one.view === other.view
          : sameView(a, b, one.view, other.view));
  }
}

function sameResult(a: Trace, b: Trace, one: ResultTree, other: ResultTree): boolean {
  switch (one.kind) {
    case "constant":
      return other.kind === "constant" && Object.is(one.value, other.value);
    case "argument":
      return other.kind === "argument" && one.index === other.index;
    case "grad":
      return other.kind === "grad" && one.leaf === other.leaf;
    case "tensor":
      return other.kind === "tensor" && sameView(a, b, one.view, other.view);
    case "list":
      return other.kind === "list" && one.items.length === other.items.length &&
        one.items.every((item, i) => sameResult(a, b, item, other.items[i]!));
    case "record":
      return other.kind === "record" && one.items.length === other.items.length &&
        one.items.every(([key, item], i) =>
          key === other.items[i]![0] && sameResult(a, b, item, other.items[i]![1])
        );
  }
}
