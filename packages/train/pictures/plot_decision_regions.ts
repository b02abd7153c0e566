import { noGrad } from "@troodon/autograd";
import { fromTypedArray, type Tensor, tidySync } from "@troodon/core";
import { checkCall, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { Image } from "@troodon/datasets";
import { mixed, PALETTE, rgbaOf } from "../drawing/colors.ts";
import { Plot, type PlotOptions } from "../plot/plot.ts";
import type { Coordinates, PlotPoint } from "../plot/points.ts";

/** Options of {@linkcode plotDecisionRegions}. */
export interface PlotDecisionRegionsOptions
  extends Pick<PlotOptions, "title" | "x" | "y" | "xLabel" | "yLabel"> {
  /** Names of the classes; their numbers by default. */
  readonly classes?: readonly string[];
  /** Points of the plane in each direction that are classified; 120 by default. */
  readonly cells?: number;
}
const PLOT_DECISION_REGIONS_OPTIONS: OptionKeys<PlotDecisionRegionsOptions> = {
  ...{ title: true, x: true, y: true, xLabel: true, yLabel: true, classes: true, cells: true },
};

/**
 * Draws samples in a plane, and which class a classifier gives to each part of it.
 *
 * @param classify Gives scores of shape [N, classes], or [N, 1] with the score of class 1, for points of shape [N, 2]: a
 * network.
 * @param points Samples of shape [N, 2].
 * @param labels The class of each sample.
 */
export function plotDecisionRegions(
  classify: (points: Tensor) => Tensor,
  points: Tensor,
  labels: Coordinates,
  options?: PlotDecisionRegionsOptions,
): Plot {
  const { classes, cells = 120, ...rest } = readOptions(
    "plotDecisionRegions()",
    options,
    PLOT_DECISION_REGIONS_OPTIONS,
  );
  checkCall("plotDecisionRegions", arguments, "fx..");
  if (points.ndim !== 2 || points.shape[1] !== 2) {
    throw new RangeError(
      `Cannot apply plotDecisionRegions() as points must have the shape [N, 2]: current shape is [${
        points.shape.join(", ")
      }]`,
    );
  }
  const data = points.detach().dataSync();
  const samples = Array.from(
    { length: data.length / 2 },
    (_, i): PlotPoint => [data[2 * i]!, data[2 * i + 1]!],
  );
  const truth = Array.from("dataSync" in labels ? labels.dataSync() : labels, Number);
  const area = { x: rest.x ?? rangeOf(samples, 0), y: rest.y ?? rangeOf(samples, 1) };
  const plot = new Plot({ title: "Decision regions", width: 480, height: 380, ...rest, ...area });
  plot.addImage(regions(classify, points, area, cells), area);
  for (const label of [...new Set(truth)].sort((a, b) => a - b)) {
    const color = PALETTE[label % PALETTE.length]!, name = classes?.[label] ?? String(label);
    plot.add(samples.filter((_, i) => truth[i] === label), { style: "dots", color, name });
  }
  return plot;
}

/** The range of a coordinate with a margin. */
function rangeOf(points: readonly PlotPoint[], axis: 0 | 1): readonly [number, number] {
  const values = points.map((point) => point[axis]), low = Math.min(...values), high = Math.max(...values);
  const margin = 0.12 * (high - low) || 1;
  return [low - margin, high + margin];
}

/** Pale colors of the classes of the plane. */
function regions(
  classify: (points: Tensor) => Tensor,
  { device, dtype }: Tensor,
  { x: [left, right], y: [bottom, top] }: Record<"x" | "y", readonly [number, number]>,
  cells: number,
): Image {
  const places = new Float32Array(2 * cells * cells);
  for (let i = 0; i < cells * cells; i++) {
    places[2 * i] = left + (right - left) * (i % cells + 0.5) / cells;
    places[2 * i + 1] = top - (top - bottom) * (Math.floor(i / cells) + 0.5) / cells;
  }
  const found = noGrad(() =>
    tidySync(() => {
      const scores = classify(fromTypedArray(places, [cells * cells, 2], { device }).to(dtype));
      const classes = scores.ndim === 2 && scores.shape[1]! > 1 ? scores.argmax(1) : scores.gt(0);
      return Array.from(classes.reshape([-1]).dataSync());
    })
  );
  const colors = PALETTE.map((color) => rgbaOf(mixed("#ffffff", color, 0.28)).slice(0, 3));
  return new Image(cells, cells, 3, new Uint8Array(found.flatMap((label) => colors[label % colors.length]!)));
}
