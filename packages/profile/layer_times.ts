/** Time by layer. */
import type { NamedLayer } from "@troodon/core/kernel";
import { around, isWork, lasts, type Span } from "./span.ts";

/** Time of a layer, including the layers inside it, averaged over the runs of a profile. */
export interface LayerTime {
  /** Path from the outermost called module, as in `namedModules()`; "" for that module itself. */
  readonly path: string;
  /** Class name of the layer. */
  readonly type: string;
  /** Nesting depth in the table; 0 for the outermost layer. */
  readonly depth: number;
  /** Number of calls; 0 inside a compiled function. */
  readonly calls: number;
  /** Seconds of the layer's calls on the host. */
  readonly forward: number;
  /** Seconds on the host for the gradients of ops called by the layer. */
  readonly backward: number;
  /** Seconds on the host, forward and backward, without the layers inside. */
  readonly self: number;
  /** Seconds on the device, forward and backward; null if its clock cannot be read. */
  readonly device: number | null;
  /** Bytes allocated for tensors, forward and backward. */
  readonly bytes: number;
}

/** Running sums of a layer over all runs, in milliseconds. */
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

/**
 * Sums `spans` of `runs` runs by layer. `roots` are listed first, each followed by its inner layers in the order of
 * their paths.
 */
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
    // Calls repeated by a checkpoint count toward the gradient that caused them.
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

/** Adds `root` and its inner layers, unless they are present. */
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

/** Nearest enclosing layer of `path`; parts of a path may be lists, which are no layers. */
function parentOf(byPath: ReadonlyMap<string, Sum>, path: string): Sum | null {
  for (let above = path; above !== "";) {
    above = above.slice(0, Math.max(above.lastIndexOf("."), 0));
    const parent = byPath.get(above);
    if (parent !== undefined) return parent;
  }
  return null;
}
