import { type Area, contour, type Segment } from "./contours.ts";
import { areCoordinates, type Coordinates, type PlotPoint, pointsOf } from "./points.ts";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { linearScale, logScale, type Scale } from "./scale.ts";
import { drawText, TEXT_PLOT_OPTIONS, type TextPlotOptions } from "./text_plot.ts";

/** Options of {@linkcode Plot}. */
export interface PlotOptions {
  /** Written above. */
  readonly title?: string;
  /** Written below. */
  readonly xLabel?: string;
  /** Written to the left. */
  readonly yLabel?: string;
  /** From left to right; what is drawn decides by default. */
  readonly x?: readonly [number, number];
  /** From bottom to top; what is drawn decides by default. */
  readonly y?: readonly [number, number];
  /** The y axis is logarithmic (default false): values that are not above 0 are left out. */
  readonly logY?: boolean;
  /** Width in pixels (default 640). */
  readonly width?: number;
  /** Height in pixels (default 400). */
  readonly height?: number;
}
const PLOT_OPTIONS: OptionKeys<PlotOptions> = {
  title: true,
  xLabel: true,
  yLabel: true,
  x: true,
  y: true,
  logY: true,
  width: true,
  height: true,
};

/** How something is drawn. */
export interface MarkOptions {
  /** Its name in the legend; none by default. */
  readonly name?: string;
  /** Any CSS color; the next one of the palette by default. */
  readonly color?: string;
  /** Dots rather than a line, or both (default `"line"`). */
  readonly style?: "line" | "dots" | "both" | "dashed";
}
const MARK_OPTIONS: OptionKeys<MarkOptions> = { name: true, color: true, style: true };

interface Mark extends Required<MarkOptions> {
  readonly points: readonly PlotPoint[];
}

interface Contours {
  readonly f: (x: number, y: number) => number;
  readonly levels: readonly number[];
}

/** Colours that people who see no red or green can tell apart (Okabe and Ito, 2008), then some more. */
const PALETTE = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f3c8d", "#555555"];

/**
 * A picture of lines and dots, as SVG or as text.
 *
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { Plot } from "@troodon/train";
 *
 * const plot = new Plot({ title: "Loss", xLabel: "epoch", logY: true });
 * plot.add([[1, 0.9], [2, 0.3], [3, 0.1]], { name: "train" });
 * assertStringIncludes(plot.toString(), "<polyline");
 * ```
 */
export class Plot {
  readonly #options: PlotOptions;
  readonly #marks: Mark[] = [];
  readonly #contours: Contours[] = [];

  /** An empty picture. */
  constructor(options: PlotOptions = {}) {
    options = readOptions(new.target.name, options, PLOT_OPTIONS);
    this.#options = options;
  }

  /** Its width in pixels. */
  get width(): number {
    return this.#options.width ?? 640;
  }

  /** Its height in pixels. */
  get height(): number {
    return this.#options.height ?? 400;
  }

  /** Draws points, joined by a line unless told otherwise. */
  add(points: Iterable<PlotPoint>, options?: MarkOptions): this;
  /**
   * Draws the points with the coordinates `x` and `y`, joined by a line unless told otherwise.
   *
   * @throws {RangeError} If there are more of one coordinate than of the other.
   */
  add(x: Coordinates, y: Coordinates, options?: MarkOptions): this;
  add(
    points: Iterable<PlotPoint> | Coordinates,
    second: Coordinates | MarkOptions = {},
    third?: MarkOptions,
  ): this {
    const apart = areCoordinates(second);
    const options = readOptions("Plot.add()", apart ? third : second, MARK_OPTIONS);
    const { name = "", style = "line", color = PALETTE[this.#marks.length % PALETTE.length]! } = options;
    const all = apart ? pointsOf(points as Coordinates, second) : [...points as Iterable<PlotPoint>];
    this.#marks.push({ points: all, name, style, color });
    return this;
  }

  /** Draws the lines where `f` has the values `levels`, in grey beneath all else. Needs the options `x` and `y`. */
  addContours(f: (x: number, y: number) => number, levels: readonly number[]): this {
    if (!this.#options.x || !this.#options.y) {
      throw new RangeError("Cannot add contours as the plot must have the options x and y");
    }
    this.#contours.push({ f, levels });
    return this;
  }

  /** The picture, as a file's content. */
  toString(): string {
    const { width, height } = this;
    return document(width, height, this.draw());
  }

  /** The picture as lines of text, in dots of which a character has eight. */
  toText(options: TextPlotOptions = {}): string {
    options = readOptions("Plot.toText()", options, TEXT_PLOT_OPTIONS);
    const { title = "", xLabel = "", yLabel = "", logY = false } = this.#options;
    const area = this.#area();
    const contours = this.#contours.flatMap(({ f, levels }) =>
      levels.flatMap((level): readonly Segment[] => contour(f, level, area))
    );
    return drawText({ title, xLabel, yLabel, logY, ...area, contours, marks: this.#marks }, options);
  }

  #area(): Area {
    const { x, y, logY = false } = this.#options;
    return { x: x ?? this.#range(0, false), y: y ?? this.#range(1, logY) };
  }

  #range(axis: 0 | 1, log: boolean): [number, number] {
    let low = Infinity, high = -Infinity;
    for (const { points } of this.#marks) {
      for (const point of points) {
        const value = point[axis];
        if (!Number.isFinite(value) || (log && value <= 0)) continue;
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
    if (low > high) return log ? [0.1, 1] : [0, 1];
    if (low === high) return log ? [low / 2, high * 2] : [low - 1, high + 1];
    if (log) return [low / 1.2, high * 1.2];
    const margin = 0.04 * (high - low);
    return [low - margin, high + margin];
  }

  /** What is within the picture; used by {@linkcode plotGrid}. */
  draw(): string {
    const { title, xLabel, yLabel, logY = false } = this.#options;
    const { width, height } = this;
    const legend = this.#marks.filter(({ name }) => name !== "");
    const beside = legend.length > 0 ? 20 + 7 * Math.max(...legend.map(({ name }) => name.length)) + 22 : 14;
    const [left, right] = [yLabel ? 66 : 50, width - beside];
    const [top, bottom] = [title ? 34 : 14, height - (xLabel ? 46 : 28)];
    const area = this.#area();
    const x = linearScale(area.x, left, right);
    const y = (logY ? logScale : linearScale)(area.y, bottom, top);
    const lines = [axes(x, y, { left, right, top, bottom })];
    const clip = `clip${left}-${top}-${right}-${bottom}`;
    lines.push(
      `<clipPath id="${clip}"><rect x="${left}" y="${top}" width="${right - left}" height="${
        bottom - top
      }"/></clipPath>`,
      `<g clip-path="url(#${clip})">`,
    );
    for (const { f, levels } of this.#contours) {
      for (const level of levels) {
        const d = contour(f, level, area).map(([x0, y0, x1, y1]) =>
          `M${at(x.place(x0))} ${at(y.place(y0))}L${at(x.place(x1))} ${at(y.place(y1))}`
        );
        lines.push(`<path d="${d.join("")}" stroke="#bbb" stroke-width="0.8" fill="none"/>`);
      }
    }
    for (const mark of this.#marks) lines.push(drawn(mark, x, y, logY));
    lines.push("</g>");
    if (title) lines.push(text(title, (left + right) / 2, 20, 'text-anchor="middle" font-size="14"'));
    if (xLabel) lines.push(text(xLabel, (left + right) / 2, height - 10, 'text-anchor="middle"'));
    if (yLabel) {
      const middle = (top + bottom) / 2;
      lines.push(text(yLabel, 16, middle, `text-anchor="middle" transform="rotate(-90 16 ${middle})"`));
    }
    for (const [i, mark] of legend.entries()) {
      const height = top + 10 + 18 * i;
      const key = [[right + 10, height], [right + 28, height]] as const;
      const same = { place: (value: number): number => value, ticks: [] };
      lines.push(
        drawn({ ...mark, points: key }, same, same, false),
        text(mark.name, right + 34, height + 4, ""),
      );
    }
    return lines.join("\n");
  }
}

/**
 * Several pictures in rows, as one.
 *
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { Plot, plotGrid } from "@troodon/train";
 *
 * assertStringIncludes(plotGrid([new Plot(), new Plot(), new Plot()], 2), 'width="1280" height="800"');
 * ```
 */
export function plotGrid(plots: readonly Plot[], columns: number): string {
  const width = Math.max(...plots.map((plot) => plot.width));
  const height = Math.max(...plots.map((plot) => plot.height));
  const cells = plots.map((plot, i) =>
    `<g transform="translate(${i % columns * width} ${
      Math.floor(i / columns) * height
    })">\n${plot.draw()}\n</g>`
  );
  return document(columns * width, Math.ceil(plots.length / columns) * height, cells.join("\n"));
}

function document(width: number, height: number, body: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11" fill="#333">\n` +
    `<rect width="${width}" height="${height}" fill="#fff"/>\n${body}\n</svg>\n`;
}

/** A coordinate, short. */
function at(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function text(content: string, x: number, y: number, attributes: string): string {
  const escaped = content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x="${at(x)}" y="${at(y)}" ${attributes}>${escaped}</text>`;
}

interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function axes(x: Scale, y: Scale, { left, right, top, bottom }: Frame): string {
  const lines: string[] = [];
  for (const [value, label] of x.ticks) {
    const place = at(x.place(value));
    lines.push(`<path d="M${place} ${top}V${bottom}" stroke="#eee"/>`);
    lines.push(text(label, x.place(value), bottom + 14, 'text-anchor="middle"'));
  }
  for (const [value, label] of y.ticks) {
    const place = at(y.place(value));
    lines.push(`<path d="M${left} ${place}H${right}" stroke="#eee"/>`);
    lines.push(text(label, left - 6, y.place(value) + 4, 'text-anchor="end"'));
  }
  lines.push(`<path d="M${left} ${top}V${bottom}H${right}" stroke="#666" fill="none"/>`);
  return lines.join("\n");
}

function drawn({ points, style, color }: Mark, x: Scale, y: Scale, logY: boolean): string {
  const places = points
    .filter(([px, py]) => Number.isFinite(px) && Number.isFinite(py) && (!logY || py > 0))
    .map(([px, py]) => [at(x.place(px)), at(y.place(py))] as const);
  const lines: string[] = [];
  if (style !== "dots") {
    const dash = style === "dashed" ? ' stroke-dasharray="5 4"' : "";
    lines.push(
      `<polyline points="${places.map((p) => p.join(",")).join(" ")}" fill="none" stroke="${color}" ` +
        `stroke-width="1.6" stroke-linejoin="round"${dash}/>`,
    );
  }
  if (style === "dots" || style === "both") {
    for (const [cx, cy] of places) lines.push(`<circle cx="${cx}" cy="${cy}" r="2.2" fill="${color}"/>`);
  }
  return lines.join("\n");
}
