/** From when to when own slots hold something. */
import type { LaunchProgram } from "@troodon/core/kernel";
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
  const steps = stepsOf(program), spans = new Map<number, { first: number; last: number }>();
  program.launches.forEach((launch, i) => {
    for (const slot of slotsOf(launch)) {
      if (program.slots[slot]!.kind !== "own") continue;
      const span = spans.get(slot);
      if (span === undefined) spans.set(slot, { first: steps[i]!, last: steps[i]! });
      else span.last = steps[i]!;
    }
  });
  return [...spans].map(([slot, span]) => ({
    slots: [slot],
    bytes: Math.max(1, Math.ceil(program.slots[slot]!.bytes / alignment)) * alignment,
    ...span,
  }));
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
