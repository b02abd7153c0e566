/** Gradient of the images that were convolved. */
import type { Conv2dInputGradCall } from "@troodon/core";
import { duration, geometry } from "../conv/geometry.ts";
import { emitScatter, SLACK } from "../conv/scatter.ts";
import { Staging } from "../conv/staging.ts";
import { packTaps, weightBlocks } from "../conv/weights.ts";
import { rowTiles } from "../gemm/tiles.ts";
import { addressOf, type CpuView, type KernelContext } from "../kernel.ts";
import { call, pieces } from "../threads/task.ts";
import { filler, zero } from "../zero.ts";

/**
 * All taps, neighbours in a row of the window as far apart as can be: what was
 * just added to memory is slow to load again from an address a little beside.
 */
function apart([kh, kw]: readonly [number, number], channels: number): number[] {
  const taps = Array.from({ length: channels * kh * kw }, (_, tap) => tap);
  return taps.sort((a, b) => a % kw - b % kw || a % (kh * kw) - b % (kh * kw) || a - b);
}

/** See {@linkcode Conv2dInputGradCall}. Float32 alone. */
export function conv2dInputGrad(
  context: KernelContext,
  { window, groups }: Conv2dInputGradCall,
  [g, weight]: readonly CpuView[],
  [output]: readonly CpuView[],
): void {
  const shapes = geometry(window, groups, output!, g!);
  const { samples, channels, filters, height, width, outHeight, outWidth } = shapes;
  const pixels = outHeight * outWidth, planes = channels * height * width, [sh, sw] = window.stride;
  if (samples * planes * filters * pixels === 0) {
    return zero(context, addressOf(output!), 4 * samples * groups * planes);
  }
  const nanoseconds = duration(shapes), parts = pieces(samples, context.parts(nanoseconds));
  const stagings = parts.map(() => new Staging(context, shapes, { phases: sw, slack: SLACK }));
  const staging = stagings[0]!, fill = filler(context), bytes = 4 * groups * planes;
  // What no window reaches has no gradient.
  const tasks = parts.map((
    { start, size },
  ) => [call(fill, addressOf(output!) + start * bytes, size * bytes)]);
  const offsets = staging.taps(), steps = offsets.length, tiles = rowTiles(steps);
  const order = apart(window.size, channels);
  const taps = context.scratch(4 * steps);
  const panels = parts.map(() => context.scratch(4 * filters * (outWidth + SLACK)));
  context.memory.i32.set(order.map((tap) => offsets[tap]!), taps / 4);
  const blocks = weightBlocks(tiles, filters).map((block) => ({
    ...block,
    scatter: context.instance(
      `conv/scatter/${block.rows}/${block.last}`,
      (w) => emitScatter(w, block),
    ).scatter!,
  }));
  for (let group = 0; group < groups; group++) {
    const first = addressOf(weight!) + 4 * group * filters * steps;
    const weights = packTaps(context, tiles, first, order, 4 * steps, filters);
    parts.forEach(({ start, size }, part) => {
      const calls = tasks[part]!, staging = stagings[part]!;
      for (let n = start; n < start + size; n++) {
        staging.clear(context, calls);
        for (const { scatter, offset, before, rows, full } of blocks) {
          calls.push(call(
            scatter,
            weights + offset,
            taps + 4 * before * rows,
            staging.pointer,
            sh * staging.rowBytes,
            addressOf(g!) + 4 * (n * groups + group) * filters * pixels,
            4 * pixels,
            panels[part]!,
            full,
            outHeight,
            outWidth,
            filters,
          ));
        }
        staging.take(calls, addressOf(output!) + 4 * (n * groups + group) * planes);
      }
    });
  }
  context.run(tasks, nanoseconds);
}
