/** Gradient of the images that were convolved. */
import type { Conv2dInputGradCall } from "@troodon/core";
import { geometry } from "../conv/geometry.ts";
import { emitScatter, SLACK } from "../conv/scatter.ts";
import { Staging } from "../conv/staging.ts";
import { packTaps, weightBlocks } from "../conv/weights.ts";
import { rowTiles } from "../gemm/tiles.ts";
import { addressOf, type CpuView, type KernelContext } from "../kernel.ts";
import { zero } from "../zero.ts";

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
  const start = addressOf(output!);
  // What no window reaches has no gradient.
  zero(context, start, 4 * samples * groups * planes);
  if (samples * planes * filters * pixels === 0) return;
  const staging = new Staging(context, shapes, { phases: sw, slack: SLACK });
  const offsets = staging.taps(), steps = offsets.length, tiles = rowTiles(steps);
  const order = apart(window.size, channels);
  const taps = context.scratch(4 * steps), panels = context.scratch(4 * filters * (outWidth + SLACK));
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
    for (let n = 0; n < samples; n++) {
      staging.clear(context);
      for (const { scatter, offset, before, rows, full } of blocks) {
        scatter(
          weights + offset,
          taps + 4 * before * rows,
          staging.pointer,
          sh * staging.rowBytes,
          addressOf(g!) + 4 * (n * groups + group) * filters * pixels,
          4 * pixels,
          panels,
          full,
          outHeight,
          outWidth,
          filters,
        );
      }
      staging.take(start + 4 * (n * groups + group) * planes);
    }
  }
}
