/** Which launches of a list one dispatch can do. */
import type { BackendLaunch, MapCall } from "@troodon/core";
import { bytesOf, isContiguous, sameNumbers, sizeOf } from "@troodon/core/kernel";
import type { GpuBuffer } from "../device/pool.ts";
import type { GpuView } from "../operands.ts";
import type { PlannableCall } from "./plan_key.ts";
import { endsMemory } from "./planner.ts";

type Launch = BackendLaunch<GpuBuffer>;

/** Call that is planned as one launch, with its views. */
export interface PlannableLaunch extends Omit<Launch, "call"> {
  readonly call: PlannableCall;
}

/** Elements of a dispatch, whose number among those of all launches is a u32. */
const ELEMENTS = 2 ** 31;

/**
 * Launches that share a dispatch at most, and their buffers where a shader may see more: each adds 270 bytes to its text,
 * a word or two to its numbers, and time to its compilation, while the dispatches saved get ever fewer.
 */
export const TOGETHER = 128;

/** Parts of buffers, each from the first byte that was added to the last. */
class Ranges {
  readonly #ranges = new Map<GpuBuffer, { start: number; end: number }>();

  add({ buffer, offset, dtype, shape }: GpuView): void {
    const bytes = bytesOf(dtype), start = offset * bytes, end = start + sizeOf(shape) * bytes;
    const range = this.#ranges.get(buffer);
    if (range === undefined) {
      this.#ranges.set(buffer, { start, end });
    } else {
      range.start = Math.min(range.start, start);
      range.end = Math.max(range.end, end);
    }
  }

  /** Whether a view may have bytes in common with one that was added. */
  meets({ buffer, offset, dtype, shape }: GpuView): boolean {
    const range = this.#ranges.get(buffer);
    if (range === undefined) return false;
    const bytes = bytesOf(dtype);
    return offset * bytes < range.end && (offset + sizeOf(shape)) * bytes > range.start;
  }
}

/**
 * How many launches from `start` on are dense maps of one body that have nothing to do with each other, at most as many as
 * have `limit` buffers together, and no more elements than can be counted: none of them reads or writes what another one
 * writes. 1 where the first stands alone.
 */
export function countTogether(launches: readonly Launch[], start: number, limit: number): number {
  const first = launches[start]!;
  if (first.call.kernel !== "map" || !isDense(first.call, first)) return 1;
  const read = new Ranges(), written = new Ranges(), buffers = new Set<GpuBuffer>();
  const last = Math.min(launches.length, start + TOGETHER);
  let end = start, elements = 0;
  for (; end < last; end++) {
    const launch = launches[end]!, { call, inputs, outputs } = launch;
    if (end > start && !(call.kernel === "map" && isLike(first.call, call) && isDense(call, launch))) break;
    if (outputs.some((view) => read.meets(view) || written.meets(view))) break;
    if (inputs.some((view) => written.meets(view))) break;
    for (const { buffer } of inputs) buffers.add(buffer);
    for (const { buffer } of outputs) buffers.add(buffer);
    elements += sizeOf(outputs[0]!.shape);
    if (end > start && (buffers.size > limit || elements > ELEMENTS)) break;
    for (const view of inputs) read.add(view);
    for (const view of outputs) written.add(view);
  }
  return end - start;
}

/** Call that combines the `count` launches from `start` on, as allowed by {@linkcode countTogether}. */
export function joined(launches: readonly Launch[], start: number, count: number): PlannableLaunch {
  const first = launches[start]!, { call } = first;
  if (count === 1 || call.kernel !== "map") return first;
  const { body, compute, scalars } = call, those = launches.slice(start, start + count);
  return {
    call: { kernel: "maps", body, compute, scalars, parts: count },
    inputs: those.flatMap(({ inputs }) => inputs),
    outputs: those.flatMap(({ outputs }) => outputs),
  };
}

function isLike(a: MapCall, b: MapCall): boolean {
  if (a.body !== b.body || a.compute !== b.compute) return false;
  return sameNumbers(a.scalars, b.scalars);
}

/** Whether every view is in row-major order and can be taken in fours. */
function isDense({ body, compute, shape }: MapCall, { inputs, outputs }: Launch): boolean {
  const size = sizeOf(shape);
  if (size === 0 || body.usesCoordinate || body.usesRandom || compute === "int64") return false;
  const inFours = (view: GpuView): boolean =>
    view.dtype !== "int64" && view.offset % 4 === 0 && isContiguous(view) && sizeOf(view.shape) === size;
  // What is stored after the last element must belong to nobody.
  return inputs.every(inFours) &&
    outputs.every((view) => inFours(view) && (size % 4 === 0 || endsMemory(view)));
}
