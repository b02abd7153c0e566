/** Gradient of the images that were convolved. */
import type { Conv2dInputGradCall } from "@troodon/core";
import { addKey, duration, geometry } from "../../conv/geometry.ts";
import { emitScatter, SLACK } from "../../conv/scatter.ts";
import { cutScatter, emitWideScatter } from "../../conv/wide_scatter.ts";
import { Staging } from "../../conv/staging.ts";
import { packTaps, weightBlocks } from "../../conv/weights.ts";
import { rowTiles } from "../../gemm/tiles.ts";
import type { Kernel } from "../../kernel.ts";
import type { Argument } from "../../plan/address.ts";
import type { PlanView } from "../../plan/plan.ts";
import { planned } from "../../plan/planned_kernel.ts";
import type { Planner } from "../../plan/planner.ts";
import { type Call, call, pieces, repeated, type Task } from "../../threads/task.ts";
import { filler } from "../../zero.ts";

/**
 * All taps, neighbors in a row of the window as far apart as can be: what was
 * just added to memory is slow to load again from an address a little beside.
 */
function apart([kh, kw]: readonly [number, number], channels: number): number[] {
  const taps = Array.from({ length: channels * kh * kw }, (_, tap) => tap);
  return taps.sort((a, b) => a % kw - b % kw || a % (kh * kw) - b % (kh * kw) || a - b);
}

/** See {@linkcode Conv2dInputGradCall}. Float32 alone. */
export const conv2dInputGrad: Kernel<Conv2dInputGradCall> = planned({ key: addKey, plan: planInputGrad });

/**
 * Plans the gradient of the images; `wide` asks for tiles with 8 pixels per vector (default: true if modules are built
 * for vectors of 32 bytes).
 */
export function planInputGrad(
  planner: Planner,
  { window, groups }: Pick<Conv2dInputGradCall, "window" | "groups">,
  [g, weight]: readonly PlanView[],
  [output]: readonly PlanView[],
  wide: boolean = planner.vectorBytes === 32,
): void {
  const shapes = geometry(window, groups, output!, g!);
  const { samples, channels, filters, height, width, outHeight, outWidth } = shapes;
  const pixels = outHeight * outWidth, planes = channels * height * width, [sh, sw] = window.stride;
  const fill = filler(planner), bytes = 4 * groups * planes;
  if (samples * planes * filters * pixels === 0) {
    return planner.run([[call(fill, output!.address, samples * bytes)]], 0);
  }
  const nanoseconds = duration(shapes, wide), parts = pieces(samples, planner.parts(nanoseconds));
  const stagings = parts.map(() => new Staging(planner, shapes, { phases: sw, slack: SLACK }));
  const staging = stagings[0]!, beginning: Call<Argument>[] = [];
  const offsets = staging.taps(),
    steps = offsets.length;
  const order = apart(window.size, channels);
  const taps = planner.constants(order.map((tap) => offsets[tap]!));
  const panels = wide ? null : parts.map(() => planner.scratch(4 * filters * (outWidth + SLACK)));
  // Blocks of taps are added to each pixel in order, so they must be the same for any width.
  const blocks = weightBlocks(rowTiles(steps), filters).map((block) => {
    const first = block.before * block.rows, taps = block.full * block.rows + block.last;
    const cut = wide ? cutScatter(taps, outWidth) : null, tiles = cut?.tiles ?? block, { rows, last } = tiles;
    const instance = cut
      ? planner.instance(
        `conv/wideScatter/${rows}/${last}/${cut.vectors}/${cut.rest}`,
        (w) => emitWideScatter(w, cut),
        { wide },
      )
      : planner.instance(`conv/scatter/${rows}/${last}`, (w) => emitScatter(w, tiles));
    const weights = Array.from({ length: groups }, (_, group) => {
      const pointer = weight!.address.plus(4 * group * filters * steps);
      return packTaps(
        planner,
        beginning,
        tiles,
        pointer,
        order.slice(first, first + taps),
        4 * steps,
        filters,
      );
    });
    return { first, full: tiles.full, scatter: instance.scatter!, weights };
  });
  /** The calls for a sample. */
  const scatterSample = (sample: number, group: number, part: number): Call<Argument>[] => {
    const plane = sample * groups + group, staging = stagings[part]!, calls = staging.clear(planner);
    for (const { scatter, weights, first, full } of blocks) {
      calls.push(call(
        scatter,
        weights[group]!,
        taps.plus(4 * first),
        staging.pointer,
        sh * staging.rowBytes,
        g!.address.plus(4 * plane * filters * pixels),
        4 * pixels,
        ...panels ? [panels[part]!] : [],
        full,
        outHeight,
        outWidth,
        filters,
      ));
    }
    staging.take(calls, output!.address.plus(4 * plane * planes));
    return calls;
  };
  planner.run([beginning], 0);
  planner.run(
    parts.map((samples, part): Task<Argument> => [
      // What no window reaches has no gradient.
      call(fill, output!.address.plus(samples.start * bytes), samples.size * bytes),
      ...Array.from(
        { length: groups },
        (_, group) => repeated(samples, (sample) => scatterSample(sample, group, part)),
      ),
    ]),
    nanoseconds,
  );
}
