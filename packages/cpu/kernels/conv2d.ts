/** Convolution of images. */
import type { Conv2dCall } from "@troodon/core";
import { emitCorrelate } from "../conv/correlate.ts";
import { geometry } from "../conv/geometry.ts";
import { Staging } from "../conv/staging.ts";
import { packWeights, weightBlocks } from "../conv/weights.ts";
import { SPILL_BYTES } from "../gemm/macro.ts";
import { rowTiles } from "../gemm/tiles.ts";
import { addressOf, type CpuView, type KernelContext, seenAs } from "../kernel.ts";
import { zero } from "../zero.ts";
import { convert, temporary } from "./stage.ts";

/** Copies of the bias of a filter: the addend of a tile's row. */
const COPIES = 8;

/** See {@linkcode Conv2dCall}. Float32 alone. */
export function conv2d(
  context: KernelContext,
  { window, groups }: Conv2dCall,
  [x, weight, bias]: readonly CpuView[],
  [output]: readonly CpuView[],
): void {
  const shapes = geometry(window, groups, x!, output!);
  const { samples, channels, filters, height, width, outHeight, outWidth } = shapes;
  const pixels = outHeight * outWidth, [sh, sw] = window.stride;
  if (samples * filters * pixels === 0) return;
  const staging = new Staging(context, shapes, { phases: sw });
  const offsets = staging.taps(), steps = offsets.length, tiles = rowTiles(filters);
  if (steps === 0) {
    const none = temporary(context, [1], "float32");
    zero(context, addressOf(none), 4);
    const sums = bias ? seenAs(bias, output!.shape, [0, 1, 0, 0]) : seenAs(none, output!.shape, [0, 0, 0, 0]);
    return convert(context, sums, output!);
  }
  const taps = context.scratch(4 * steps), spill = context.scratch(SPILL_BYTES);
  const addend = bias ? context.scratch(4 * COPIES * (filters * groups + 1)) : 0;
  context.memory.i32.set(offsets, taps / 4);
  if (bias) {
    const { f32 } = context.memory, first = addressOf(bias) / 4;
    for (let i = 0; i < filters * groups * COPIES; i++) {
      f32[addend / 4 + i] = f32[first + Math.floor(i / COPIES)]!;
    }
  }
  const blocks = weightBlocks(tiles, steps).map((block) => ({
    ...block,
    first: block.before * block.rows,
    correlate: context.instance(
      `conv/correlate/${block.rows}/${block.last}`,
      (w) => emitCorrelate(w, block),
    ).correlate!,
  }));
  const imageRow = sh * staging.rowBytes;
  // Rows without a gap are one row.
  const joined = imageRow === 4 * outWidth;
  for (let group = 0; group < groups; group++) {
    const pointer = addressOf(weight!) + 4 * group * filters * steps;
    const weights = packWeights(context, tiles, { pointer, row: 4 * steps, column: 4, steps });
    for (let n = 0; n < samples; n++) {
      const image = staging.place(addressOf(x!) + 4 * (n * groups + group) * channels * height * width);
      for (const { correlate, offset, first, full } of blocks) {
        const filter = group * filters + first;
        correlate(
          weights + offset,
          taps,
          image,
          imageRow,
          addressOf(output!) + 4 * (n * groups * filters + filter) * pixels,
          4 * pixels,
          4 * outWidth,
          addend && addend + 4 * COPIES * filter,
          full,
          joined ? 1 : outHeight,
          joined ? pixels : outWidth,
          steps,
          spill,
        );
      }
    }
  }
}
