/** Time by layer. */
import type { NamedLayer } from "@troodon/core/kernel";
import { around, isWork, lasts, type Span } from "./span.ts";

/** Time that a layer takes in one run, with the layers below it: means over the runs of a profile. */
export interface LayerTime {
  /** Path from the outermost module that was called, as `namedModules()` has it; "" for that itself. */
  readonly path: string;
  /** Name of its class. */
  readonly type: string;
  /** Number of layers above it in the table. */
  readonly depth: number;
  /** Calls; none within a compiled function. */
  readonly calls: number;
  /** Seconds of its calls on the host. */
  readonly forward: number;
  /** Seconds on the host of the gradients of what it called. */
  readonly backward: number;
  /** Seconds on the host without those of the layers below, forward and backward. */
  readonly self: number;
  /** Seconds on the device, forward and backward; null if it has no clock that can be read. */
  readonly device: number | null;
  /** Bytes of tensors that were allocated, forward and backward. */
  readonly bytes: number;
}

/** A layer whose times are being added up, in milliseconds of all runs. */
interface Sum {
  readonly path: string;
  readonly type: string;
  readonly parent: Sum | null;
  readonly depth: number;
  calls: number;
  forward: number;
  backward: number;
  self: number;
  device: number;
  bytes: number;
}

const isLayer = ({ kind }: Span): boolean => kind === "layer";
const isGradient = ({ kind }: Span): boolean => kind === "gradient";

/** Adds up `spans` of `runs` runs by layer: `roots`, each before the layers below it, in the order of their paths. */
export function layerTimes(
  spans: readonly Span[],
  roots: Iterable<NamedLayer>,
  runs: number,
  hasDeviceTimes: boolean,
): LayerTime[] {
  const sums = new Map<object, Sum>();
  for (const root of roots) addTree(sums, root);
  for (const span of spans) {
    const { layer } = span, sum = layer === null ? undefined : sums.get(layer);
    if (sum === undefined) continue;
    for (let at: Sum | null = sum; at !== null; at = at.parent) {
      at.bytes += span.bytes;
      if (isWork(span)) at.device += span.device?.busy ?? 0;
    }
    const time = lasts(span);
    // What a checkpoint calls again is part of the gradient that asked for it.
    if (isLayer(span) && span.phase !== "backward") {
      sum.calls++;
      sum.self += time;
      const parent = around(span, isLayer), above = parent && sums.get(parent.layer!);
      if (above) above.self -= time;
      if (around(span, (other) => isLayer(other) && other.layer === layer) === null) sum.forward += time;
    } else if (span.kind === "replay") {
      sum.self += time;
      for (let at: Sum | null = sum; at !== null; at = at.parent) {
        at[span.phase === "backward" ? "backward" : "forward"] += time;
      }
    } else if (isGradient(span) && around(span, isGradient) === null) {
      sum.self += time;
      for (let at: Sum | null = sum; at !== null; at = at.parent) at.backward += time;
    }
  }
  return [...sums.values()].filter(({ forward, backward }) => forward > 0 || backward > 0).map((
    { parent: _, ...sum },
  ): LayerTime => ({
    ...sum,
    calls: sum.calls / runs,
    forward: sum.forward / runs / 1e3,
    backward: sum.backward / runs / 1e3,
    self: sum.self / runs / 1e3,
    device: hasDeviceTimes ? sum.device / runs : null,
    bytes: sum.bytes / runs,
  }));
}

/** Adds `root` and the layers below it that are not there yet. */
function addTree(sums: Map<object, Sum>, root: NamedLayer): void {
  const byPath = new Map<string, Sum>();
  for (const [path, layer] of root.namedModules()) {
    if (sums.has(layer)) continue;
    const parent = parentOf(byPath, path);
    const fresh = { calls: 0, forward: 0, backward: 0, self: 0, device: 0, bytes: 0 };
    const sum = {
      path,
      type: layer.constructor.name,
      parent,
      depth: parent === null ? 0 : parent.depth + 1,
      ...fresh,
    };
    byPath.set(path, sum);
    sums.set(layer, sum);
  }
}

/** The layer above `path`: the nearest, as the path may lead through lists in fields. */
function parentOf(byPath: ReadonlyMap<string, Sum>, path: string): Sum | null {
  for (let above = path; above !== "";) {
    above = above.slice(0, Math.max(above.lastIndexOf("."), 0));
    const parent = byPath.get(above);
    if (parent !== undefined) return parent;
  }
  return null;
}
