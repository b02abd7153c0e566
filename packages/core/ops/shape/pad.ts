/** Margins. */
import { showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { cat } from "./cat.ts";
import { embed } from "./embed.ts";
import { called } from "../base/called.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** Options of {@linkcode pad}. */
export interface PadOptions {
  /** What stands in the margin: `value`, the mirrored inside, the nearest element, or the other end. "constant" by default. */
  readonly mode?: "constant" | "reflect" | "replicate" | "circular";
  /** For "constant"; 0 by default. */
  readonly value?: number;
}
const PAD_OPTIONS: OptionKeys<PadOptions> = { mode: true, value: true };

/**
 * `x` with margins, or with its edges cut off where they are negative.
 *
 * @param padding Before and after the last axis, then the last but one, and so on: `[left, right, top, bottom]`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, pad, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([1, 2, 3], { device });
 * assertEquals(pad(x, [1, 2]).tolist(), [0, 1, 2, 3, 0, 0]);
 * assertEquals(pad(x, [2, -1], { mode: "circular" }).tolist(), [1, 2, 1, 2]);
 * ```
 */
export function pad(
  x: Tensor,
  padding: readonly number[],
  options?: PadOptions,
): Tensor {
  checkCall("pad", arguments, "xs.");
  const { mode = "constant", value = 0 } = readOptions("pad()", options, PAD_OPTIONS);
  if (padding.length % 2 !== 0 || padding.length > 2 * x.ndim || !padding.every(Number.isInteger)) {
    throw new RangeError(
      `Cannot apply pad() as padding must be pairs of integers, at most one for each of ${x.ndim} axes: ` +
        `current padding is ${showShape(padding)}`,
    );
  }
  const margins = x.shape.map((extent, axis) => {
    const at = 2 * (x.ndim - 1 - axis);
    const [before, after] = [padding[at] ?? 0, padding[at + 1] ?? 0];
    if (extent + Math.min(before, 0) + Math.min(after, 0) < 0) {
      throw new RangeError(
        `Cannot apply pad() as no more than there is can be cut off: ` +
          `current shape is ${showShape(x.shape)}, padding ${showShape(padding)}`,
      );
    }
    return [before, after] as const;
  });
  // What is cut off, then what is put around.
  const kept = margins.map(([before, after], i) => ({
    start: -Math.min(before, 0),
    end: x.shape[i]! + Math.min(after, 0),
  }));
  return called("pad", [x], () => {
    const inside = margins.some((pair) => Math.min(...pair) < 0) ? x.at(...kept) : x;
    const outside = margins.map(([before, after]) => [Math.max(before, 0), Math.max(after, 0)] as const);
    if (outside.every(([before, after]) => before + after === 0)) return inside.clone();
    if (mode !== "constant") {
      return outside.reduce(
        (part, margin, axis) => margin[0] + margin[1] > 0 ? continued(part, axis, margin, mode) : part,
        inside,
      );
    }
    const shape = inside.shape.map((n, i) => n + outside[i]![0] + outside[i]![1]);
    const window = inside.shape.map((n, i) => ({ start: outside[i]![0], end: outside[i]![0] + n }));
    return embed(inside, shape, (into) => into.at(...window), value);
  });
}

type Continuation = "reflect" | "replicate" | "circular";

/** `x` with margins made of itself along one axis. */
function continued(
  x: Tensor,
  axis: number,
  [before, after]: readonly [number, number],
  mode: Continuation,
): Tensor {
  const n = x.shape[axis]!;
  const most = mode === "reflect" ? n - 1 : mode === "circular" ? n : n > 0 ? Infinity : 0;
  if (before > most || after > most) {
    throw new RangeError(
      `Cannot apply pad() as mode "${mode}" allows at most ${most} for an extent of ${n}: ` +
        `current padding is ${showShape([before, after])}`,
    );
  }
  const first = marginOf(x, axis, before, mode, true), last = marginOf(x, axis, after, mode, false);
  return cat([first, x, last], axis);
}

function marginOf(x: Tensor, axis: number, count: number, mode: Continuation, before: boolean): Tensor {
  const n = x.shape[axis]!;
  if (mode === "circular") return x.narrow(axis, before ? n - count : 0, count);
  if (mode === "replicate") {
    return x.narrow(axis, before ? 0 : n - 1, 1).expand(x.shape.with(axis, count));
  }
  return x.narrow(axis, before ? 1 : n - 1 - count, count).flip(axis);
}
