import { checkCall, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { Plot } from "../plot/plot.ts";
import { type Coordinates, pointsOf } from "../plot/points.ts";

/** Options of {@linkcode plotLearningRates}. */
export interface PlotLearningRatesOptions {
  /** Title; "Learning rate finder" by default. */
  readonly title?: string;
  /** The learning rate to mark, if there is one; null marks none. */
  readonly suggestion?: number | null;
}
const PLOT_LEARNING_RATES_OPTIONS: OptionKeys<PlotLearningRatesOptions> = { title: true, suggestion: true };

/**
 * Draws losses by the learning rate of their step, on a logarithmic axis. The curve ends where losses are far above the
 * first one, as training has fallen apart there. {@linkcode findLearningRate} gives such losses.
 *
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { plotLearningRates } from "@troodon/train";
 *
 * const svg = plotLearningRates([1e-4, 1e-3, 1e-2, 0.1], [2.3, 1.1, 0.4, 9], { suggestion: 1e-3 }).toString();
 * assertStringIncludes(svg, ">suggestion 0.001</text>");
 * ```
 */
export function plotLearningRates(
  rates: Coordinates,
  losses: Coordinates,
  options?: PlotLearningRatesOptions,
): Plot {
  const { title = "Learning rate finder", suggestion } = readOptions(
    "plotLearningRates()",
    options,
    PLOT_LEARNING_RATES_OPTIONS,
  );
  checkCall("plotLearningRates", arguments, "...");
  const points = pointsOf(rates, losses), finite = points.map(([, loss]) => loss).filter(Number.isFinite);
  const low = Math.min(...finite), first = finite[0] ?? 1;
  const high = Math.max(first, Math.min(Math.max(...finite), first + 0.5 * (first - low)));
  const margin = 0.06 * (high - low || 1), y = [low - margin, high + margin] as const;
  const plot = new Plot({
    title,
    xLabel: "learning rate",
    yLabel: "loss",
    logX: true,
    ...(finite.length > 0 && { y }),
  });
  const end = points.findIndex(([, loss]) => !(loss <= high));
  plot.add(end < 0 ? points : points.slice(0, end + 1), { name: "loss" });
  if (typeof suggestion === "number") {
    const name = `suggestion ${Number(suggestion.toPrecision(2))}`;
    plot.add([[suggestion, y[0]], [suggestion, y[1]]], { name, style: "dashed" });
  }
  return plot;
}
