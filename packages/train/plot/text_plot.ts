/** Pictures as lines of text. */
import type { OptionKeys } from "@troodon/core/kernel";
import { BrailleCanvas, type TerminalColor } from "./braille.ts";
import type { Segment } from "./contours.ts";
import type { PlotPoint } from "./points.ts";
import { linearScale, logScale, type Scale } from "./scale.ts";

/** Options of {@linkcode Plot.toText}. */
export interface TextPlotOptions {
  /** Characters in a line (default 80). */
  readonly columns?: number;
  /** Lines of text (default 20). */
  readonly rows?: number;
  /** Colors by the escape codes of terminals (default false). */
  readonly color?: boolean;
}

/** The keys of {@linkcode TextPlotOptions}. */
export const TEXT_PLOT_OPTIONS: OptionKeys<TextPlotOptions> = { columns: true, rows: true, color: true };

/** Content of a plot: title, labels, ranges of the axes, contours and marks. */
export interface TextPicture {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly logX: boolean;
  readonly logY: boolean;
  readonly contours: readonly Segment[];
  readonly marks: readonly {
    readonly name: string;
    readonly style: "line" | "dots" | "both" | "dashed" | "bars";
    readonly color: string;
    readonly points: readonly PlotPoint[];
  }[];
}

/** The color of a terminal for `#rgb` and `#rrggbb`; null, which is that of text, for names. */
function terminalColor(css: string): TerminalColor | null {
  const digits = css.match(/^#([0-9a-f]{3}|[0-9a-f]{6})$/i)?.[1];
  if (digits === undefined) return null;
  const size = digits.length / 3;
  return [0, 1, 2].map((i) => parseInt(digits.slice(i * size, (i + 1) * size).repeat(3 - size), 16)).join(
    ";",
  );
}

const painted = (text: string, color: TerminalColor | null): string =>
  color === null ? text : `\x1b[38;2;${color}m${text}\x1b[0m`;

const centered = (text: string, width: number): string =>
  " ".repeat(Math.max(0, Math.floor((width - text.length) / 2))) + text;

/** A text that stands beside an axis, and the character where it begins. */
type Label = readonly [at: number, text: string];

/** Every tick, or every second, third ..., such that each label ends where the next one has room. */
function labelsOf(
  ticks: Scale["ticks"],
  begin: (value: number, text: string) => number,
  room: (text: string) => number,
) {
  for (let every = 1;; every++) {
    const labels = ticks.filter((_, i) => i % every === 0).map((
      [value, text],
    ): Label => [begin(value, text), text]);
    const ordered = labels.toSorted(([a], [b]) => a - b);
    if (ordered.every(([at, text], i) => at + room(text) <= (ordered[i + 1]?.[0] ?? Infinity))) {
      return ordered;
    }
  }
}

/** Text beside the y axis, for each line. */
function yTexts(y: Scale, rows: number): string[] {
  const texts = new Map(labelsOf(y.ticks, (value) => Math.floor(y.place(value) / 4), () => 1));
  return Array.from({ length: rows }, (_, row) => texts.get(row) ?? "");
}

/** The line of text below the x axis. */
function xText(x: Scale, columns: number): string {
  const begin = (value: number, text: string): number =>
    Math.max(0, Math.min(Math.floor((x.place(value) - text.length + 1) / 2), columns - text.length));
  const labels = labelsOf(x.ticks, begin, (text) => text.length + 1);
  return labels.reduce((line, [at, text]) => line.padEnd(at) + text, "");
}

/** Draws a picture of `rows` lines, axes and names included. */
export function drawText(
  picture: TextPicture,
  { columns = 80, rows = 20, color = false }: TextPlotOptions,
): string {
  const named = picture.marks.filter(({ name }) => name !== "");
  const below = [picture.xLabel !== "", named.length > 0].filter(Boolean).length;
  const height = Math.max(
    2,
    rows - 2 - below - (picture.title === "" ? 0 : 1) - (picture.yLabel === "" ? 0 : 1),
  );
  const makeY = picture.logY ? logScale : linearScale;
  const y = makeY(picture.y, 4 * height - 1, 0);
  const texts = yTexts(y, height);
  const margin = Math.max(...texts.map((text) => text.length)) + 1;
  const width = Math.max(2, columns - margin - 1);
  const x = (picture.logX ? logScale : linearScale)(picture.x, 0, 2 * width - 1);

  const canvas = new BrailleCanvas(width, height);
  for (const [x0, y0, x1, y1] of picture.contours) {
    canvas.line(x.place(x0), y.place(y0), x.place(x1), y.place(y1), terminalColor("#888"));
  }
  for (const { points, style, color } of picture.marks) {
    const paint = terminalColor(color);
    let last: PlotPoint | null = null;
    for (const [px, py] of points) {
      if (!Number.isFinite(px) || !Number.isFinite(py)) continue;
      if ((picture.logX && px <= 0) || (picture.logY && py <= 0)) continue;
      const place = [Math.round(x.place(px)), Math.round(y.place(py))] as const;
      if (last !== null && place[0] === last[0] && place[1] === last[1]) continue;
      if (last !== null && style !== "dots") {
        canvas.line(...last, ...place, paint, style === "dashed" ? 2 : 4);
      } else if (style !== "dashed") canvas.dot(...place, paint);
      last = place;
    }
  }

  const indent = " ".repeat(margin);
  const lines = canvas.lines(color).map((line, row) =>
    `${texts[row]!.padStart(margin - 1)} ${texts[row] === "" ? "│" : "┤"}${line}`
  );
  if (picture.title !== "") lines.unshift(`${indent}${centered(picture.title, width)}`);
  if (picture.yLabel !== "") lines.splice(picture.title === "" ? 0 : 1, 0, `${indent}${picture.yLabel}`);
  lines.push(`${indent}└${"─".repeat(width)}`, `${indent} ${xText(x, width)}`);
  if (picture.xLabel !== "") lines.push(`${indent}${centered(picture.xLabel, width)}`);
  if (named.length > 0) {
    const keys = named.map(({ name, style, color: css }) =>
      `${
        painted(style === "dots" ? "∙∙" : style === "dashed" ? "╌╌" : "──", color ? terminalColor(css) : null)
      } ${name}`
    );
    lines.push(`${indent} ${keys.join("   ")}`);
  }
  return lines.map((line) => line.trimEnd()).join("\n") + "\n";
}
