/** Which launches of a list one dispatch can do. */
import { type BackendLaunch, bytesOf, isContiguous, type MapCall, sizeOf } from "@troodon/core";
import type { GpuBuffer } from "../device/pool.ts";
import type { GpuView } from "../operands.ts";

type Launch = BackendLaunch<GpuBuffer>;

/**
 * How many launches from `start` on are dense maps of one body that have nothing to do with each other, at most as many as
 * have `limit` buffers together: none of them reads or writes what another one writes. 1 where the first stands alone.
 */
export function countTogether(launches: readonly Launch[], start: number, limit: number): number {
  const first = launches[start]!;
  if (first.call.kernel !== "map" || !isDense(first.call, first)) return 1;
  const read = new Set<GpuBuffer>(), written = new Set<GpuBuffer>(), all = new Set<GpuBuffer>();
  let end = start;
  for (; end < launches.length; end++) {
    const launch = launches[end]!, { call, inputs, outputs } = launch;
    if (end > start && !(call.kernel === "map" && isLike(first.call, call) && isDense(call, launch))) break;
    if (outputs.some(({ buffer }) => read.has(buffer) || written.has(buffer))) break;
    if (inputs.some(({ buffer }) => written.has(buffer))) break;
    for (const { buffer } of inputs) all.add(buffer);
    for (const { buffer } of outputs) all.add(buffer);
    if (end > start && all.size > limit) break;
    for (const { buffer } of inputs) read.add(buffer);
    for (const { buffer } of outputs) written.add(buffer);
  }
  return end - start;
}

function isLike(a: MapCall, b: MapCall): boolean {
  if (a.body !== b.body || a.compute !== b.compute) return false;
  return a.scalars === b.scalars ||
    (a.scalars.length === b.scalars.length && a.scalars.every((x, i) => Object.is(x, b.scalars[i])));
}

/** Whether every view is all of its buffer in row-major order, so that it can be taken in fours. */
function isDense({ body, compute, shape }: MapCall, { inputs, outputs }: Launch): boolean {
  const size = sizeOf(shape);
  if (size === 0 || body.usesCoordinate || body.usesRandom || compute === "int64") return false;
  const whole = (v: GpuView): boolean =>
    v.offset === 0 && v.dtype !== "int64" && isContiguous(v) && sizeOf(v.shape) === size &&
    v.buffer.bytes === size * bytesOf(v.dtype);
  return inputs.every(whole) && outputs.every(whole);
}
