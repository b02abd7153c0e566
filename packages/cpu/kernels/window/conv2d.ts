/** Convolution of images. */
import type { Conv2dCall } from "@troodon/core";
import { emitCorrelate } from "../../conv/correlate.ts";
import { addKey, duration, geometry } from "../../conv/geometry.ts";
import { Staging } from "../../conv/staging.ts";
import { packWeights, weightBlocks } from "../../conv/weights.ts";
import { SPILL_BYTES } from "../../gemm/macro.ts";
import { rowTiles } from "../../gemm/tiles.ts";
import type { Kernel } from "../../kernel.ts";
import type { Argument } from "../../plan/address.ts";
import type { PlanView } from "../../plan/plan.ts";
import { planned } from "../../plan/planned_kernel.ts";
import type { Planner } from "../../plan/planner.ts";
import { type Call, call, type Piece, pieces, repeated, type Task } from "../../threads/task.ts";
import type { ModuleBuilder } from "../../targets/wasm/assembler.ts";
import { filler } from "../../zero.ts";

/** Copies of the bias of a filter: the addend of a tile's row. */
const COPIES = 8;

/** See {@linkcode Conv2dCall}. Float32 alone. */
export const conv2d: Kernel<Conv2dCall> = planned({ key: addKey, plan });

function plan(
  planner: Planner,
  { window, groups }: Conv2dCall,
  [x, weight, bias]: readonly PlanView[],
  [output]: readonly PlanView[],
): void {
  const shapes = geometry(window, groups, x!, output!);
  const { samples, channels, filters, height, width, outHeight, outWidth } = shapes;
  const pixels = outHeight * outWidth, [sh, sw] = window.stride;
  if (samples * filters * pixels === 0) return;
  const nanoseconds = duration(shapes), parts = pieces(samples, planner.parts(nanoseconds));
  const stagings = parts.map(() => new Staging(planner, shapes, { phases: sw })), staging = stagings[0]!;
  const { spread } = planner.instance("conv/spread", emitSpread), beginning: Call<Argument>[] = [];
  const offsets = staging.taps(), steps = offsets.length, tiles = rowTiles(filters);
  if (steps === 0) {
    const rows = Array.from({ length: samples * filters * groups }, (_, row) => {
      const to = output!.address.plus(4 * row * pixels);
      if (bias) return call(spread!, bias.address.plus(4 * (row % (filters * groups))), to, 1, pixels);
      return call(filler(planner), to, 4 * pixels);
    });
    return planner.run([rows], 0);
  }
  const taps = planner.constants(offsets), spills = parts.map(() => planner.scratch(SPILL_BYTES));
  const addend = bias && planner.scratch(4 * COPIES * (filters * groups + 1));
  if (bias) beginning.push(call(spread!, bias.address, addend!, filters * groups, COPIES));
  const blocks = weightBlocks(tiles, steps).map((block) => ({
    ...block,
    first: block.before * block.rows,
    correlate: planner.instance(
      `conv/correlate/${block.rows}/${block.last}`,
      (w) => emitCorrelate(w, block),
    ).correlate!,
  }));
  const imageRow = sh * staging.rowBytes;
  // Rows without a gap are one row.
  const joined = imageRow === 4 * outWidth;
  const panels = Array.from({ length: groups }, (_, group) => {
    const pointer = weight!.address.plus(4 * group * filters * steps);
    return packWeights(planner, beginning, tiles, { pointer, row: 4 * steps, column: 4, steps });
  });
  /** The calls for a sample. */
  const convolve = (sample: number, group: number, part: number): Call<Argument>[] => {
    const calls: Call<Argument>[] = [], plane = sample * groups + group;
    const image = stagings[part]!.place(calls, x!.address.plus(4 * plane * channels * height * width));
    for (const { correlate, offset, first, full } of blocks) {
      calls.push(call(
        correlate,
        panels[group]!.plus(offset),
        taps,
        image,
        imageRow,
        output!.address.plus(4 * (plane * filters + first) * pixels),
        4 * pixels,
        4 * outWidth,
        addend?.plus(4 * COPIES * (group * filters + first)) ?? 0,
        full,
        joined ? 1 : outHeight,
        joined ? pixels : outWidth,
        steps,
        spills[part]!,
      ));
    }
    return calls;
  };
  planner.run([beginning], 0);
  planner.run(
    parts.map((samples: Piece, part): Task<Argument> => [
      ...stagings[part]!.clear(planner),
      ...panels.map((_, group) => repeated(samples, (sample) => convolve(sample, group, part))),
    ]),
    nanoseconds,
  );
}

/** "spread": copies of numbers. Parameters: from, to, numbers, copies of each. */
function emitSpread(module: ModuleBuilder): void {
  const code = module.function({ params: ["i32", "i32", "i32", "i32"], export: "spread" });
  const [from, to, numbers, copies] = [0, 1, 2, 3] as const, left = code.local("i32");
  code.repeat(numbers, () => {
    code.get(copies).set(left).repeat(left, () => {
      code.get(to).get(from).memory("f32.load").memory("f32.store").increase(to, 4);
    });
    code.increase(from, 4);
  });
}
