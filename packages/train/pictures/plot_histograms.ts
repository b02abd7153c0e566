import { noGrad } from "@troodon/autograd";
import { Tensor, tidySync } from "@troodon/core";
import { checkCall, disposableStack, type OptionKeys, readOptions } from "@troodon/core/kernel";
import type { AnyModule, Module } from "@troodon/nn";
import type { Picture } from "../drawing/picture.ts";
import { gridOf, Plot } from "../plot/plot.ts";
import type { Coordinates } from "../plot/points.ts";
import { histogramOf } from "../tensorboard/histogram.ts";

/** Options of {@linkcode plotHistograms}. */
export interface PlotHistogramsOptions {
  /** Bars of each histogram; 40 by default. */
  readonly bins?: number;
  /** Histograms in a row; 3 by default. */
  readonly columns?: number;
}
const PLOT_HISTOGRAMS_OPTIONS: OptionKeys<PlotHistogramsOptions> = { bins: true, columns: true };

/**
 * Draws a histogram of the finite numbers of each tensor or array: of weights, gradients or activations.
 *
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { plotHistograms } from "@troodon/train";
 *
 * const svg = plotHistograms({ weight: [0.1, 0.2, 0.2, 0.5], bias: [0, 0, 1] }, { bins: 4 }).toString();
 * assertStringIncludes(svg, ">weight</text>");
 * ```
 */
export function plotHistograms(
  values: Readonly<Record<string, Coordinates>>,
  options?: PlotHistogramsOptions,
): Picture {
  const { bins = 40, columns = 3 } = readOptions("plotHistograms()", options, PLOT_HISTOGRAMS_OPTIONS);
  checkCall("plotHistograms", arguments, "o.");
  const plots = Object.entries(values).map(([name, of]) => {
    const { limits, counts } = histogramOf(of instanceof Tensor ? of.detach().dataSync() : of, bins);
    const bars = counts.slice(1).map((count, i) => [(limits[i]! + limits[i + 1]!) / 2, count] as const);
    const high = Math.max(1, ...counts);
    return new Plot({ title: name, width: 300, height: 200, y: [0, 1.05 * high] }).add(bars, {
      style: "bars",
    });
  });
  return gridOf(plots, Math.min(columns, Math.max(1, plots.length)));
}

/**
 * Draws a histogram of what each layer of a network gives for the given inputs. Layers are the modules without modules within;
 * the network is called once, in the mode that it is in.
 */
export function plotActivations(
  model: AnyModule,
  inputs: Tensor | readonly Tensor[],
  options?: PlotHistogramsOptions,
): Picture {
  const given = readOptions("plotActivations()", options, PLOT_HISTOGRAMS_OPTIONS);
  checkCall("plotActivations", arguments, ".m.");
  const found = new Map<string, Coordinates>();
  using hooks = disposableStack();
  for (const [path, module] of model.namedModules()) {
    if (!module.children().next().done) continue;
    const name = `${path || "model"} (${module.constructor.name})`;
    hooks.use(module.registerForwardHook((_module, _inputs, output: unknown) => {
      if (output instanceof Tensor) found.set(name, output.detach().dataSync());
    }));
  }
  const all = inputs instanceof Tensor ? [inputs] : inputs;
  noGrad(() => tidySync(() => void (model as unknown as Module)(...all)));
  return plotHistograms(Object.fromEntries(found), given);
}
