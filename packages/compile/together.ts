/** Groups launches that may run at the same time. */
import { bytesOf, type ProgramView } from "@troodon/core/kernel";
import type { TraceStep } from "./trace.ts";

/** Byte range of a slot. */
interface Reach {
  readonly slot: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Group number of each step, or null for a step that runs alone. Launches issued together form a group, which is split
 * where one launch reads or writes the output of another.
 */
export function independent(steps: readonly TraceStep[]): (number | null)[] {
  const groups: (number | null)[] = [];
  let group = 0, batch: number | null = null, reads: Reach[] = [], writes: Reach[] = [];
  for (const step of steps) {
    if (step.kind === "write" || step.batch === null) {
      groups.push(null);
      batch = null;
      continue;
    }
    const [read, written] = [step.inputs.map(reachOf), step.outputs.map(reachOf)];
    const apart = !written.some((w) => overlaps(w, reads) || overlaps(w, writes)) &&
      !read.some((r) => overlaps(r, writes));
    if (step.batch !== batch || !apart) {
      group++;
      reads = [];
      writes = [];
    }
    batch = step.batch;
    reads.push(...read);
    writes.push(...written);
    groups.push(group);
  }
  return groups;
}

function overlaps({ slot, from, to }: Reach, others: readonly Reach[]): boolean {
  return others.some((other) => other.slot === slot && other.from < to && from < other.to);
}

function reachOf({ slot, shape, strides, offset, dtype }: ProgramView): Reach {
  const size = bytesOf(dtype);
  let [from, to] = [offset, offset];
  shape.forEach((n, i) => {
    const step = (n - 1) * strides[i]!;
    if (step < 0) from += step;
    else to += step;
  });
  return { slot, from: from * size, to: (to + 1) * size };
}
