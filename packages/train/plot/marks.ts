/** Points of a plot as shapes. */
import type { OptionKeys } from "@troodon/core/kernel";
import type { PicturePoint, PictureShape } from "../drawing/shapes.ts";
import type { PlotPoint } from "./points.ts";

/** Style of a mark. */
export interface MarkOptions {
  /** Its name in the legend; none by default. */
  readonly name?: string;
  /** Any CSS color; the next one of the palette by default. */
  readonly color?: string;
  /** Dots or bars rather than a line, or dots on a line (default `"line"`). */
  readonly style?: "line" | "dots" | "both" | "dashed" | "bars";
}
/** The keys of {@linkcode MarkOptions}. */
export const MARK_OPTIONS: OptionKeys<MarkOptions> = { name: true, color: true, style: true };

/** Points with how they are drawn. */
export interface Mark extends Required<MarkOptions> {
  readonly points: readonly PlotPoint[];
}

const DASHED = { dash: [5, 5] } as const;

/** The distance of the first two points, which is the width of bars. */
export function barWidth([first, second]: readonly PlotPoint[]): number {
  return first && second ? Math.abs(second[0] - first[0]) : 1;
}

/** Bars from 0 to each of the points. */
export function barShapes(
  { points, color }: Mark,
  place: (point: PlotPoint) => PicturePoint,
): PictureShape[] {
  const half = 0.46 * barWidth(points);
  return points.filter(([, y]) => Number.isFinite(y)).map(([x, y]): PictureShape => {
    const [left, top] = place([x - half, Math.max(y, 0)]),
      [right, bottom] = place([x + half, Math.min(y, 0)]);
    return { kind: "box", x: left, y: top, width: right - left, height: bottom - top, color };
  });
}

/** Shapes of a mark whose points lie where `place` says; those that cannot be placed are left out. */
export function markShapes(
  { points, style, color }: Mark,
  place: (point: PlotPoint) => PicturePoint,
  logX: boolean,
  logY: boolean,
): PictureShape[] {
  const places = points
    .filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y) && (!logX || x > 0) && (!logY || y > 0))
    .map(place);
  const line: PictureShape = {
    ...{ kind: "line", points: places, color, width: 1.8 },
    ...(style === "dashed" && DASHED),
  };
  const dots = places.map((at): PictureShape => ({
    ...{ kind: "dot", at, radius: 2.6, color },
    // A rim tells marks that lie close together apart.
    ...(style === "dots" && { border: "#ffffff" }),
  }));
  return [...(style === "dots" ? [] : [line]), ...(style === "dots" || style === "both" ? dots : [])];
}
