import { checkCall, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { Plot, type PlotOptions } from "../plot/plot.ts";
import type { PlotPoint } from "../plot/points.ts";
import type { Metrics } from "../run_folder.ts";

/** Options of {@linkcode plotLoss}. */
export type PlotLossOptions = Pick<PlotOptions, "title" | "logY" | "width" | "height">;
const PLOT_LOSS_OPTIONS: OptionKeys<PlotLossOptions> = { title: true, logY: true, width: true, height: true };

/**
 * Draws the losses of a run from the lines of its `metrics.jsonl`, or rows alike: the logged ones, the mean of each epoch and
 * whatever other score has "loss" in its name.
 *
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { plotLoss } from "@troodon/train";
 *
 * const rows = [{ step: 10, epoch: 1, loss: 0.9 }, { step: 20, epoch: 1, loss: 0.5 }, { epoch: 1, seconds: 3, loss: 0.7 }];
 * assertStringIncludes(plotLoss(rows).toString(), ">mean of an epoch</text>");
 * // await plotLoss(rows).save("loss.png");
 * ```
 */
export function plotLoss(rows: Iterable<Metrics>, options?: PlotLossOptions): Plot {
  const given = readOptions("plotLoss()", options, PLOT_LOSS_OPTIONS);
  checkCall("plotLoss", arguments, "i.");
  const logged: PlotPoint[] = [], epochs: PlotPoint[] = [], others = new Map<string, PlotPoint[]>();
  let step = 0, steps = false;
  for (const row of rows) {
    steps ||= row["step"] !== undefined;
    step = row["step"] ?? (steps ? step : row["epoch"] ?? step + 1);
    const { loss, seconds } = row;
    if (loss !== undefined) {
      (seconds === undefined && row["step"] !== undefined ? logged : epochs).push([step, loss]);
    }
    for (const [name, value] of Object.entries(row)) {
      if (name === "loss" || !/loss/i.test(name)) continue;
      others.set(name, [...others.get(name) ?? [], [step, value]]);
    }
  }
  const plot = new Plot({ title: "Loss", xLabel: steps ? "step" : "epoch", yLabel: "loss", ...given });
  if (logged.length > 0) plot.add(logged, { name: "logged" });
  if (epochs.length > 0) plot.add(epochs, { name: "mean of an epoch", style: "both" });
  for (const [name, points] of others) plot.add(points, { name, style: "both" });
  return plot;
}
