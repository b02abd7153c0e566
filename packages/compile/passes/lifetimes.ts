/** Computes when own slots are in use. */
import type { LaunchProgram, ProgramLaunch } from "@troodon/core/kernel";
import { slotsOf } from "./draft.ts";

/** Slots that share memory, and the steps during which it is in use. */
export interface Lifetime {
  /** The slots. */
  readonly slots: readonly number[];
  /** Size of the largest slot in bytes, rounded up. */
  readonly bytes: number;
  /** First step that uses one of the slots. */
  readonly first: number;
  /** Last step that uses one of the slots. */
  readonly last: number;
  /** Steps, in order, at which a launch needs one of the slots on an arena of its own. */
  readonly apart: readonly number[];
}

/** Step number of each launch; launches that run together share one. */
export function stepsOf({ launches }: LaunchProgram): number[] {
  const steps: number[] = [];
  launches.forEach(({ together }, i) => {
    const goesOn = i > 0 && together !== undefined && together === launches[i - 1]!.together;
    steps.push(i === 0 ? 0 : steps[i - 1]! + (goesOn ? 0 : 1));
  });
  return steps;
}

/** Lifetimes of the own slots; sizes are multiples of `alignment`. */
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
 * Returns true for launches whose buffers a GPU binds separately: products, which read four elements at once from read-
 * only memory, and kernels with several dtypes.
 */
function wantsApart({ call: { kernel }, inputs, outputs }: ProgramLaunch): boolean {
  if (kernel === "matmul" || kernel.startsWith("conv2d")) return true;
  const { dtype } = outputs[0]!;
  return [...inputs, ...outputs].some((view) => view.dtype !== dtype);
}

/** Maximum number of bytes in use at one step. */
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
