/** Gradients of the weights and the bias of a convolution. */
import type { Conv2dWeightGradCall } from "@troodon/core";
import { addKey, duration, geometry } from "../../conv/geometry.ts";
import { Staging } from "../../conv/staging.ts";
import { emitAddSums, emitUnpanel, PANEL_FILTERS, TAP_BYTES } from "../../conv/weigh.ts";
import { singleTap, Weigher, windowTaps } from "../../conv/weigher.ts";
import { NUMBER_TYPES } from "../../gemm/number_type.ts";
import { packer } from "../../gemm/panels.ts";
import type { Kernel } from "../../kernel.ts";
import type { Address, Argument } from "../../plan/address.ts";
import type { PlanView } from "../../plan/plan.ts";
import { planned } from "../../plan/planned_kernel.ts";
import type { Planner } from "../../plan/planner.ts";
import { type Call, call, type Piece, pieces, repeated, type Task } from "../../threads/task.ts";
import { filler } from "../../zero.ts";

const TYPE = NUMBER_TYPES.float32;

/** The bits of 1. */
const ONE = 0x3f800000;
/** Tasks that are enough for some threads. */
const TASKS = 8;
/** With fewer pixels it costs too much to add sums up. */
const CHUNK_PIXELS = 150;

/** See {@linkcode Conv2dWeightGradCall}. Float32 alone. */
export const conv2dWeightGrad: Kernel<Conv2dWeightGradCall> = planned({ key: addKey, plan });

function plan(
  planner: Planner,
  { window, groups }: Conv2dWeightGradCall,
  [g, x]: readonly PlanView[],
  [output, biasOutput]: readonly PlanView[],
): void {
  const shapes = geometry(window, groups, x!, g!);
  const { samples, channels, filters, height, width, outHeight, outWidth } = shapes;
  const [sh, sw] = window.stride, pixels = outHeight * outWidth;
  const steps = channels * window.size[0] * window.size[1];
  const weigher = new Weigher(planner, windowTaps(window, new Staging(planner, shapes).taps()));
  // The gradient of the bias is that of a tap on an image of ones.
  const biasWeigher = biasOutput && new Weigher(planner, singleTap(steps));
  const nanoseconds = duration(shapes), panels = Math.ceil(filters / PANEL_FILTERS);
  const chunks = pieces(samples, chunksOf(samples * pixels, panels, planner.cuts(nanoseconds)));
  const shares = pieces(panels, Math.ceil(TASKS / Math.max(1, chunks.length * groups)));
  const sumsBytes = TAP_BYTES * (steps + 1), chunkBytes = sumsBytes * panels;
  const sums = planner.scratch(chunkBytes * groups * Math.max(1, chunks.length));
  const { unpanel } = planner.instance("conv/unpanel", emitUnpanel);
  const { add } = planner.instance("conv/addSums", emitAddSums);
  const one = planner.constants([ONE, ONE, ONE, ONE]), fill = filler(planner), pack = packer(planner, TYPE);
  const tasks: Task<Argument>[] = [], endings: Task<Argument>[] = [];

  /** Adds a chunk of the samples to sums of their own, of some panels of filters. */
  const weigh = (group: number, chunk: Piece, share: Piece, own: Address): Task<Argument> => {
    const clear = call(fill, own.plus(share.start * sumsBytes), share.size * sumsBytes);
    if (pixels === 0 || chunk.size === 0) return [clear];
    const staging = new Staging(planner, shapes), panel = planner.scratch(4 * PANEL_FILTERS * pixels);
    const weighed = repeated(chunk, (n) => {
      const calls: Call<Argument>[] = [], plane = n * groups + group;
      const image = staging.place(calls, x!.address.plus(4 * plane * channels * height * width));
      for (let p = share.start; p < share.start + share.size; p++) {
        const first = p * PANEL_FILTERS, count = Math.min(PANEL_FILTERS, filters - first);
        const vectors = Math.ceil(count / TYPE.lanes);
        const from = g!.address.plus(4 * (plane * filters + first) * pixels);
        calls.push(call(pack, panel, vectors, from, 4 * pixels, 4, count, pixels));
        const planes = { panel, vectors, sums: own.plus(p * sumsBytes), height: outHeight, width: outWidth };
        weigher.run(calls, { ...planes, image, pixelBytes: 4 * sw, rowBytes: sh * staging.rowBytes });
        biasWeigher?.run(calls, { ...planes, image: one, pixelBytes: 0, rowBytes: 0 });
      }
      return calls;
    });
    return [clear, ...staging.clear(planner), weighed];
  };
  /** Brings the sums of a panel together, and writes them. */
  const finish = (group: number, p: number, own: Address): Task<Argument> => {
    const first = p * PANEL_FILTERS, count = Math.min(PANEL_FILTERS, filters - first);
    const from = own.plus(p * sumsBytes), filter = group * filters + first;
    const calls = chunks.slice(1).map((_, i) =>
      call(add!, from, from.plus((i + 1) * chunkBytes), sumsBytes / 16)
    );
    calls.push(call(unpanel!, from, output!.address.plus(4 * filter * steps), 4 * steps, count, steps));
    if (biasOutput) {
      calls.push(
        call(unpanel!, from.plus(TAP_BYTES * steps), biasOutput.address.plus(4 * filter), 4, count, 1),
      );
    }
    return calls;
  };

  for (let group = 0; group < groups; group++) {
    const own = sums.plus(group * chunks.length * chunkBytes);
    chunks.forEach((chunk, i) => {
      for (const share of shares) tasks.push(weigh(group, chunk, share, own.plus(i * chunkBytes)));
    });
    for (let p = 0; p < panels; p++) endings.push(finish(group, p, own));
  }
  if (chunks.length === 0) tasks.push([call(fill, sums, chunkBytes * groups)]);
  planner.run(tasks, nanoseconds);
  planner.run(endings, steps * filters * groups * (1 + chunks.length));
}

/**
 * How many chunks of samples have sums of their own: does not depend on the number of threads, as the
 * order of sums does on it. With many panels of filters there is enough to share out without.
 */
function chunksOf(pixels: number, panels: number, most: number): number {
  return Math.max(1, Math.min(most, Math.floor(TASKS / panels), Math.floor(pixels / CHUNK_PIXELS)));
}
