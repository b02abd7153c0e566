/** Lets results reuse the memory of operands that are not needed any more. */
import { bytesOf, isDense, type LaunchProgram, type ProgramView } from "@troodon/core/kernel";
import { type Lifetime, stepsOf } from "./lifetimes.ts";

/**
 * Joins the lifetimes of a map's result and of an operand that the map reads last, if both have the same layout: a
 * kernel that works element by element may overwrite its input.
 */
export function joinInPlace(program: LaunchProgram, lifetimes: readonly Lifetime[]): Lifetime[] {
  const ofSlot = new Map<number, Lifetime>();
  for (const lifetime of lifetimes) for (const slot of lifetime.slots) ofSlot.set(slot, lifetime);
  const steps = stepsOf(program), alone = countsOf(steps);
  program.launches.forEach(({ call, inputs, outputs }, i) => {
    const step = steps[i]!;
    if (call.kernel !== "map" || alone.get(step)! > 1) return;
    for (const output of outputs) {
      const made = ofSlot.get(output.slot);
      if (made === undefined || made.first !== step) continue;
      for (const input of inputs) {
        const read = ofSlot.get(input.slot);
        if (read === undefined || read === made || read.last !== step || read.bytes !== made.bytes) continue;
        if (!liesAs(output, input)) continue;
        // No other view of either slot may see the change.
        const seen = [...inputs, ...outputs].filter((view) => {
          const one = ofSlot.get(view.slot);
          return one === read || one === made;
        });
        if (!seen.every((view) => view === output || liesAs(view, input))) continue;
        if (outputs.filter((view) => seen.includes(view)).length > 1) continue;
        const joined: Lifetime = {
          slots: [...read.slots, ...made.slots],
          bytes: made.bytes,
          first: read.first,
          last: made.last,
          apart: [...read.apart, ...made.apart],
        };
        for (const slot of joined.slots) ofSlot.set(slot, joined);
        break;
      }
    }
  });
  return [...new Set(ofSlot.values())];
}

function countsOf(steps: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const step of steps) counts.set(step, (counts.get(step) ?? 0) + 1);
  return counts;
}

/** Returns true if both views map each position to the same bytes of their slots, without overlap. */
function liesAs(a: ProgramView, b: ProgramView): boolean {
  if (bytesOf(a.dtype) !== bytesOf(b.dtype) || a.dtype !== b.dtype || a.offset !== b.offset || !isDense(a)) {
    return false;
  }
  return a.shape.every((extent, axis) => extent === 1 || a.strides[axis] === b.strides[axis]);
}
