/** Gradients of the weights and the bias of a convolution. */
import type { Conv2dWeightGradCall } from "@troodon/core";
import { addKey, duration, geometry } from "../../conv/geometry.ts";
import { Staging } from "../../conv/staging.ts";
import { narrowPanels, widePanels } from "../../conv/gradient_panels.ts";
import { emitAddSums, PANEL_FILTERS } from "../../conv/weigh.ts";
import type { Kernel } from "../../kernel.ts";
import type { Address, Argument } from "../../plan/address.ts";
import type { PlanView } from "../../plan/plan.ts";
import { planned } from "../../plan/planned_kernel.ts";
import type { Planner } from "../../plan/planner.ts";
import { type Call, call, type Piece, pieces, repeated, type Task } from "../../threads/task.ts";
import { filler } from "../../zero.ts";

/** Tasks that are enough for some threads. */
const TASKS = 8;
/** With fewer pixels it costs too much to add sums up. */
const CHUNK_PIXELS = 150;

/** See {@linkcode Conv2dWeightGradCall}. Float32 alone. */
export const conv2dWeightGrad: Kernel<Conv2dWeightGradCall> = planned({ key: addKey, plan: planWeightGrad });

/**
 * Plans the gradients of weights and bias; `wide` asks for tiles with 8 filters per vector (default: true if modules
 * are built for vectors of 32 bytes).
 */
export function planWeightGrad(
  planner: Planner,
  { window, groups }: Pick<Conv2dWeightGradCall, "window" | "groups">,
  [g, x]: readonly PlanView[],
  [output, biasOutput]: readonly PlanView[],
  wide: boolean = planner.vectorBytes === 32,
): void {
  const shapes = geometry(window, groups, x!, g!);
  const { samples, channels, filters, height, width, outHeight, outWidth } = shapes;
  const [sh, sw] = window.stride, pixels = outHeight * outWidth;
  const steps = channels * window.size[0] * window.size[1];
  const panelOf = (wide ? widePanels : narrowPanels)(planner, shapes, biasOutput !== undefined);
  const { filters: panelFilters, sumsBytes } = panelOf(filters);
  const nanoseconds = duration(shapes, wide), panels = Math.ceil(filters / panelFilters);
  // The order of additions depends on the cuts, so they must be the same for any width.
  const cuts = planner.cuts(duration(shapes, false));
  const chunks = pieces(
    samples,
    chunksOf(samples * pixels, Math.ceil(filters / PANEL_FILTERS), cuts),
  );
  const shares = pieces(panels, Math.ceil(TASKS / Math.max(1, chunks.length * groups)));
  const chunkBytes = sumsBytes * panels;
  const sums = planner.scratch(chunkBytes * groups * Math.max(1, chunks.length));
  const { add } = planner.instance("conv/addSums", emitAddSums);
  const fill = filler(planner);
  const tasks: Task<Argument>[] = [], endings: Task<Argument>[] = [];

  /** Adds a chunk of the samples to sums of their own, of some panels of filters. */
  const weigh = (group: number, chunk: Piece, share: Piece, own: Address): Task<Argument> => {
    const clear = call(fill, own.plus(share.start * sumsBytes), share.size * sumsBytes);
    if (pixels === 0 || chunk.size === 0) return [clear];
    const staging = new Staging(planner, shapes), panel = planner.scratch(4 * panelFilters * pixels);
    const weighed = repeated(chunk, (n) => {
      const calls: Call<Argument>[] = [], plane = n * groups + group;
      const image = staging.place(calls, x!.address.plus(4 * plane * channels * height * width));
      for (let p = share.start; p < share.start + share.size; p++) {
        const first = p * panelFilters, count = Math.min(panelFilters, filters - first);
        const from = g!.address.plus(4 * (plane * filters + first) * pixels);
        const rows = {
          height: outHeight,
          width: outWidth,
          pixelBytes: 4 * sw,
          rowBytes: sh * staging.rowBytes,
        };
        panelOf(count).weigh(calls, count, from, { ...rows, image, panel, sums: own.plus(p * sumsBytes) });
      }
      return calls;
    });
    return [clear, ...staging.clear(planner), weighed];
  };
  /** Brings the sums of a panel together, and writes them. */
  const finish = (group: number, p: number, own: Address): Task<Argument> => {
    const first = p * panelFilters, count = Math.min(panelFilters, filters - first);
    const from = own.plus(p * sumsBytes), filter = group * filters + first, { unpanel } = panelOf(count);
    const calls = chunks.slice(1).map((_, i) =>
      call(add!, from, from.plus((i + 1) * chunkBytes), sumsBytes / 16)
    );
    unpanel(calls, from, 0, output!.address.plus(4 * filter * steps), count, steps);
    if (biasOutput) unpanel(calls, from, steps, biasOutput.address.plus(4 * filter), count, 1);
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
