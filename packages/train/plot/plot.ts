import { type Area, contour, type Segment } from "./contours.ts";
import { areCoordinates, type Coordinates, type PlotPoint, pointsOf } from "./points.ts";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { PALETTE } from "../drawing/colors.ts";
import { Picture, type PngFileOptions, showInNotebooks } from "../drawing/picture.ts";
import type { PicturePoint, PictureShape } from "../drawing/shapes.ts";
import type { Image } from "@troodon/datasets";
import { barShapes, barWidth, type Mark, MARK_OPTIONS, type MarkOptions, markShapes } from "./marks.ts";
import { axisShape, frameOf, gridShapes, label, titleShapes } from "./frame.ts";
import { linearScale, logScale } from "./scale.ts";
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
  /** The x axis is logarithmic (default false): points that are not above 0 are left out. */
  readonly logX?: boolean;
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
  logX: true,
  logY: true,
  width: true,
  height: true,
};

interface Contours {
  readonly f: (x: number, y: number) => number;
  readonly levels: readonly number[];
}

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
  readonly #images: (Area & { readonly image: Image })[] = [];

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

  /** Draws the lines where `f` has the values `levels`, in gray beneath all else. Needs the options `x` and `y`. */
  addContours(f: (x: number, y: number) => number, levels: readonly number[]): this {
    if (!this.#options.x || !this.#options.y) {
      throw new RangeError("Cannot add contours as the plot must have the options x and y");
    }
    this.#contours.push({ f, levels });
    return this;
  }

  /** Draws an image beneath all else, over ranges of the axes. */
  addImage(image: Image, { x, y }: Area): this {
    this.#images.push({ image, x, y });
    return this;
  }

  /** The picture as SVG, as a file's content. */
  toString(): string {
    return this.toPicture().toString();
  }

  /** The picture as pixels; see {@linkcode Picture.toImage}. */
  toImage(options?: PngFileOptions): Image {
    return this.toPicture().toImage(options);
  }

  /** The picture as PNG, as a file's content; see {@linkcode Picture.toPng}. */
  toPng(options?: PngFileOptions): Uint8Array<ArrayBuffer> {
    return this.toPicture().toPng(options);
  }

  /** Writes the picture to a file: PNG where its name ends so, else SVG. */
  async save(path: string): Promise<void> {
    await this.toPicture().save(path);
  }

  /** The picture as shapes. */
  toPicture(): Picture {
    return new Picture(this.width, this.height, this.draw());
  }

  /** The picture as lines of text, in dots of which a character has eight. */
  toText(options: TextPlotOptions = {}): string {
    options = readOptions("Plot.toText()", options, TEXT_PLOT_OPTIONS);
    const { title = "", xLabel = "", yLabel = "", logX = false, logY = false } = this.#options;
    const area = this.#area();
    const contours = this.#contours.flatMap(({ f, levels }) =>
      levels.flatMap((level): readonly Segment[] => contour(f, level, area))
    );
    return drawText({ title, xLabel, yLabel, logX, logY, ...area, contours, marks: this.#marks }, options);
  }

  #area(): Area {
    const { x, y, logX = false, logY = false } = this.#options;
    return { x: x ?? this.#range(0, logX), y: y ?? this.#range(1, logY) };
  }

  #range(axis: 0 | 1, log: boolean): [number, number] {
    let low = Infinity, high = -Infinity;
    for (const { points, style } of this.#marks) {
      // Bars stand on 0 and are as wide as they are apart.
      const half = style === "bars" ? barWidth(points) / 2 : 0, [first, last] = [points[0], points.at(-1)];
      const edges: readonly PlotPoint[] = style === "bars" && first && last
        ? [[first[0] - half, 0], [last[0] + half, 0]]
        : [];
      for (const point of [...points, ...edges]) {
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

  /** Shapes of the picture; used by {@linkcode plotGrid}. */
  draw(): PictureShape[] {
    const { title = "", xLabel = "", yLabel = "", logX = false, logY = false } = this.#options;
    const area = this.#area(), legend = this.#marks.filter(({ name }) => name !== "");
    const frame = frameOf(this.width, this.height, {
      title,
      xLabel,
      yLabel,
      legend: legend.map(({ name }) => name),
    });
    const { left, right, top, bottom } = frame;
    const x = (logX ? logScale : linearScale)(area.x, left, right);
    const y = (logY ? logScale : linearScale)(area.y, bottom, top);
    const images = this.#images.map(({ image, x: [from, to], y: [low, high] }): PictureShape => ({
      ...{ kind: "image", image, x: x.place(from), y: y.place(high) },
      ...{ width: x.place(to) - x.place(from), height: y.place(low) - y.place(high) },
    }));
    const drawn = this.#contours.flatMap(({ f, levels }) =>
      levels.map((level): PictureShape => ({
        ...{ kind: "segments", color: "#bbbbbb", width: 0.8 },
        segments: contour(f, level, area).map(([x0, y0, x1, y1]) => [
          [x.place(x0), y.place(y0)],
          [x.place(x1), y.place(y1)],
        ]),
      }))
    );
    for (const mark of this.#marks) {
      const place = (point: PlotPoint): PicturePoint => [x.place(point[0]), y.place(point[1])];
      drawn.push(...(mark.style === "bars" ? barShapes(mark, place) : markShapes(mark, place, logX, logY)));
    }
    const box = { x: left, y: top, width: right - left, height: bottom - top };
    const keys = legend.flatMap((mark, i): PictureShape[] => {
      const height = top + 10 + 18 * i,
        ends = mark.style === "dots" ? [21] : mark.style === "both" ? [12, 21, 30] : [12, 30];
      const points = ends.map((away): PlotPoint => [right + away, height]);
      return [
        ...markShapes({ ...mark, points }, (point) => point, false, false),
        label(mark.name, [right + 39, height + 4], "start"),
      ];
    });
    return [
      ...gridShapes(x, y, frame),
      { kind: "clipped", box, shapes: [...images, ...drawn] },
      axisShape(frame),
      ...titleShapes(frame, this.width, this.height, { title, xLabel, yLabel }),
      ...keys,
    ];
  }

  static {
    showInNotebooks(this);
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
  return gridOf(plots, columns).toString();
}

/** Several pictures in rows, as one picture. */
export function gridOf(plots: readonly Plot[], columns: number): Picture {
  const width = Math.max(...plots.map((plot) => plot.width));
  const height = Math.max(...plots.map((plot) => plot.height));
  const cells = plots.map((plot, i): PictureShape => ({
    ...{ kind: "moved", shapes: plot.draw() },
    by: [i % columns * width, Math.floor(i / columns) * height],
  }));
  return new Picture(columns * width, Math.ceil(plots.length / columns) * height, cells);
}
