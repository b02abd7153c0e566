/** Convolution of images. */
import type { Conv2dCall, Window2d } from "@troodon/core";
import { emitCorrelate } from "../../conv/correlate.ts";
import { addKey, duration, geometry } from "../../conv/geometry.ts";
import { Staging } from "../../conv/staging.ts";
import { packWeights, packWideWeights, type WeightBlock, weightBlocks } from "../../conv/weights.ts";
import { emitWideCorrelate } from "../../conv/wide_correlate.ts";
import { cutVectors, VECTOR_PIXELS } from "../../conv/wide_vectors.ts";
import { SPILL_BYTES } from "../../gemm/macro.ts";
import { rowTiles } from "../../gemm/tiles.ts";
import type { Kernel } from "../../kernel.ts";
import type { Address, Argument } from "../../plan/address.ts";
import type { PlanView } from "../../plan/plan.ts";
import { planned } from "../../plan/planned_kernel.ts";
import type { Planner } from "../../plan/planner.ts";
import { type Call, call, type Piece, pieces, repeated, type Task } from "../../threads/task.ts";
import type { ModuleBuilder } from "../../targets/wasm/assembler.ts";
import { filler } from "../../zero.ts";

/** Copies of the bias of a filter: the addend of a tile's row. */
const COPIES = 8;

/** The most taps of a loop's body. */
const MOST_NEIGHBORS = 7;

/** See {@linkcode Conv2dCall}. Float32 alone. */
export const conv2d: Kernel<Conv2dCall> = planned({ key: addKey, plan: planConvolution });

/**
 * Plans a convolution; `wide` asks for tiles with 8 pixels per vector (default: true if modules are built for vectors
 * of 32 bytes).
 */
export function planConvolution(
  planner: Planner,
  { window, groups }: Pick<Conv2dCall, "window" | "groups">,
  [x, weight, bias]: readonly PlanView[],
  [output]: readonly PlanView[],
  wide: boolean = planner.vectorBytes === 32,
): void {
  const shapes = geometry(window, groups, x!, output!);
  const { samples, channels, filters, height, width, outHeight, outWidth } = shapes;
  const pixels = outHeight * outWidth, [sh, sw] = window.stride;
  if (samples * filters * pixels === 0) return;
  const nanoseconds = duration(shapes, wide), parts = pieces(samples, planner.parts(nanoseconds));
  const stagings = parts.map(() => new Staging(planner, shapes, { phases: sw })), staging = stagings[0]!;
  const { spread } = planner.instance("conv/spread", emitSpread), beginning: Task<Argument>[number][] = [];
  const offsets = staging.taps(), steps = offsets.length;
  if (steps === 0) {
    const rows = Array.from({ length: samples * filters * groups }, (_, row) => {
      const to = output!.address.plus(4 * row * pixels);
      if (bias) return call(spread!, bias.address.plus(4 * (row % (filters * groups))), to, 1, pixels);
      return call(filler(planner), to, 4 * pixels);
    });
    return planner.run([rows], 0);
  }
  const imageRow = sh * staging.rowBytes;
  // Rows without a gap are one row.
  const joined = imageRow === 4 * outWidth;
  const grid = { height: joined ? 1 : outHeight, width: joined ? pixels : outWidth, imageRow };
  const cut = wide ? cutVectors(filters, steps, grid) : null, tiles = cut ? cut.tiles : rowTiles(filters);
  const blocks = weightBlocks(tiles, steps);
  const panels = Array.from({ length: groups }, (_, group) => {
    const pointer = weight!.address.plus(4 * group * filters * steps);
    const rows = { pointer, row: 4 * steps, column: 4, steps };
    return cut
      ? packWideWeights(planner, beginning, tiles, rows)
      : packWeights(planner, beginning, tiles, rows);
  });
  /** Returns the calls for one block of filters, given its first filter, its image and its output. */
  let correlate: (
    block: WeightBlock,
    first: number,
    image: Address,
    to: Address,
    part: number,
  ) => Call<Argument>[];
  if (cut) {
    const { runs } = cut, short = grid.width < VECTOR_PIXELS, next = neighbors(window);
    const lines = planner.constants(offsets.filter((_, tap) => tap % next === 0));
    const tables = runs.map(({ table }) => planner.constants(table));
    correlate = ({ rows, last, offset, full }, first, image, to) => {
      const weights = panels[Math.floor(first / filters)]!.plus(offset);
      const add = bias?.address.plus(4 * first) ?? 0;
      return runs.map(({ vectors, tiles, times, imageStep, outputStep }, i) => {
        const { correlate } = planner.instance(
          `conv/wideCorrelate/${rows}/${last}/${vectors}/${next}/${short ? 1 : 0}`,
          (w) => emitWideCorrelate(w, { rows, last, vectors, next, short }),
          { wide: true },
        );
        const operands = [weights, lines, image, to, 4 * pixels, add, full, steps / next] as const;
        return call(correlate!, ...operands, tables[i]!, tiles, times, imageStep, outputStep, grid.width);
      });
    };
  } else {
    const taps = planner.constants(offsets), spills = parts.map(() => planner.scratch(SPILL_BYTES));
    const addend = bias && planner.scratch(4 * COPIES * (filters * groups + 1));
    if (bias) beginning.push(call(spread!, bias.address, addend!, filters * groups, COPIES));
    correlate = ({ rows, last, offset, full }, first, image, to, part) => {
      const fn = planner.instance(`conv/correlate/${rows}/${last}`, (w) => emitCorrelate(w, { rows, last }))
        .correlate!;
      const weights = panels[Math.floor(first / filters)]!.plus(offset),
        add = addend?.plus(4 * COPIES * first) ?? 0;
      return [call(
        fn,
        weights,
        taps,
        image,
        imageRow,
        to,
        4 * pixels,
        4 * outWidth,
        add,
        full,
        grid.height,
        grid.width,
        steps,
        spills[part]!,
      )];
    };
  }
  /** Returns the calls for one sample. */
  const convolve = (sample: number, group: number, part: number): Call<Argument>[] => {
    const calls: Call<Argument>[] = [], plane = sample * groups + group;
    const image = stagings[part]!.place(calls, x!.address.plus(4 * plane * channels * height * width));
    for (const block of blocks) {
      const before = block.before * block.rows;
      const to = output!.address.plus(4 * (plane * filters + before) * pixels);
      calls.push(...correlate(block, group * filters + before, image, to, part));
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

/** Returns the number of adjacent taps of a window in an image, unless they are too many for one loop body. */
function neighbors({ size: [, kw], stride: [, sw], dilation: [, dw] }: Window2d): number {
  return sw === 1 && (dw === 1 || kw === 1) && kw <= MOST_NEIGHBORS ? kw : 1;
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
