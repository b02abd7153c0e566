/** Convolution of images. */
import type { Conv2dCall } from "@troodon/core";
import { emitCorrelate } from "../conv/correlate.ts";
import { duration, geometry } from "../conv/geometry.ts";
import { Staging } from "../conv/staging.ts";
import { packWeights, weightBlocks } from "../conv/weights.ts";
import { SPILL_BYTES } from "../gemm/macro.ts";
import { rowTiles } from "../gemm/tiles.ts";
import { addressOf, type CpuView, type KernelContext, seenAs } from "../kernel.ts";
import { type Call, call, pieces } from "../threads/task.ts";
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
  const nanoseconds = duration(shapes), parts = pieces(samples, context.parts(nanoseconds));
  const stagings = parts.map(() => new Staging(context, shapes, { phases: sw })), staging = stagings[0]!;
  const offsets = staging.taps(), steps = offsets.length, tiles = rowTiles(filters);
  if (steps === 0) {
    const none = temporary(context, [1], "float32");
    zero(context, addressOf(none), 4);
    const sums = bias ? seenAs(bias, output!.shape, [0, 1, 0, 0]) : seenAs(none, output!.shape, [0, 0, 0, 0]);
    return convert(context, sums, output!);
  }
  const taps = context.scratch(4 * steps), spills = parts.map(() => context.scratch(SPILL_BYTES));
  const tasks = parts.map((): Call[] => []);
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
    parts.forEach(({ start, size }, part) => {
      const calls = tasks[part]!;
      for (let n = start; n < start + size; n++) {
        const from = addressOf(x!) + 4 * (n * groups + group) * channels * height * width;
        const image = stagings[part]!.place(calls, from);
        for (const { correlate, offset, first, full } of blocks) {
          const filter = group * filters + first;
          calls.push(call(
            correlate,
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
            spills[part]!,
          ));
        }
      }
    });
  }
  context.run(tasks, nanoseconds);
}
