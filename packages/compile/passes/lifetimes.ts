/** From when to when own slots hold something. */
import type { LaunchProgram, ProgramLaunch } from "@troodon/core/kernel";
import { slotsOf } from "./draft.ts";

/** Slots that share one place, and when it is in use. */
export interface Lifetime {
  /** The slots. */
  readonly slots: readonly number[];
  /** Bytes of the largest, rounded up. */
  readonly bytes: number;
  /** Step of the first launch that uses one of them. */
  readonly first: number;
  /** Step of the last one. */
  readonly last: number;
  /** Steps of launches that want memory apart which use one of them, in order. */
  readonly apart: readonly number[];
}

/** The step of each launch: those that run together are one. */
export function stepsOf({ launches }: LaunchProgram): number[] {
  const steps: number[] = [];
  launches.forEach(({ together }, i) => {
    const goesOn = i > 0 && together !== undefined && together === launches[i - 1]!.together;
    steps.push(i === 0 ? 0 : steps[i - 1]! + (goesOn ? 0 : 1));
  });
  return steps;
}

/** Lifetimes of the own slots that launches use; bytes are multiples of `alignment`. */
export function lifetimesOf(program: LaunchProgram, alignment: number): Lifetime[] {
  const steps = stepsOf(program), uses = new Map<number, { first: number; last: number; apart: number[] }>();
  program.launches.forEach((launch, i) => {
    const step = steps[i]!, isApart = wantsApart(launch);
    for (const slot of slotsOf(launch)) {
      if (program.slots[slot]!.kind !== "own") continue;
      let use = uses.get(slot);
      if (use === undefined) uses.set(slot, use = { first: step, last: step, apart: [] });
      use.last = step;
      if (isApart) use.apart.push(step);
    }
  });
  return [...uses].map(([slot, use]) => ({
    slots: [slot],
    bytes: Math.max(1, Math.ceil(program.slots[slot]!.bytes / alignment)) * alignment,
    ...use,
  }));
}

/**
 * True of launches that a GPU runs better, or only, on memory that it binds apart: products, which take four elements at
 * once of what is only read, and those of several types.
 */
function wantsApart({ call: { kernel }, inputs, outputs }: ProgramLaunch): boolean {
  if (kernel === "matmul" || kernel.startsWith("conv2d")) return true;
  const { dtype } = outputs[0]!;
  return [...inputs, ...outputs].some((view) => view.dtype !== dtype);
}

/** The most bytes that are in use at one step. */
export function peakOf(lifetimes: readonly Lifetime[]): number {
  const change = new Map<number, number>();
  const add = (step: number, bytes: number) => change.set(step, (change.get(step) ?? 0) + bytes);
  for (const { first, last, bytes } of lifetimes) {
    add(first, bytes);
    add(last + 1, -bytes);
  }
  let now = 0, peak = 0;
  for (const step of [...change.keys()].sort((a, b) => a - b)) {
    now += change.get(step)!;
    peak = Math.max(peak, now);
  }
  return peak;
}
