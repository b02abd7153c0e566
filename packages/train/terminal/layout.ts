/** Lays out the live view of a run as lines of text. */
import { formatBytes } from "@troodon/io";
import { Plot } from "../plot/plot.ts";
import { formatDuration, formatNumber } from "../progress.ts";
import { cutText, sideBySide, styled, wrapWords } from "./ansi.ts";
import type { RunStatus, StatusCurve } from "./run_status.ts";

/** Available space for the live view. */
export interface ViewSize {
  /** Number of columns. */
  readonly columns: number;
  /** Number of rows. */
  readonly rows: number;
  /** True to use colors. */
  readonly color: boolean;
}

/** Widths from which two plots stand side by side, and below which there is no plot. */
const WIDE = 60, NARROW = 16;
/** Maximum height of a plot in lines, and the minimum to show a curve. */
const TALL = 11, SHORT = 6;
/** Curve colors that are visible on dark and light backgrounds and distinguishable with color blindness. */
const COLORS = ["#56b4e9", "#e69f00"] as const;
/** Minimum size of a plot with a legend. */
const LEGEND = { columns: 32, rows: 8 };

/** Returns the lines of a status: at most `rows` lines of at most `columns` characters. */
export function layoutStatus(status: RunStatus, size: ViewSize): string[] {
  const { columns, rows, color } = size;
  const text = [
    ...(status.title === "" ? [] : [styled(cutText(status.title, columns), "bold", color)]),
    barLine(status, size),
    ...wrapWords(factsOf(status, columns), columns),
  ].slice(0, rows);
  return [...text, ...plotsOf(status, { ...size, rows: rows - text.length })].map((line) =>
    cutText(line, columns)
  );
}

/** Width from which the time left stands beside the bar. */
const ROOMY = 40;

function timeLeft({ left }: RunStatus): string {
  return Number.isFinite(left) ? `${formatDuration(left)} left` : "";
}

function barLine(status: RunStatus, { columns, color }: ViewSize): string {
  const { epoch, epochs, done, total } = status, share = total > 0 ? Math.min(done / total, 1) : 0;
  const before = `epoch ${epoch}/${epochs} `, left = timeLeft(status);
  const after = ` ${Math.floor(100 * share)}%`.padStart(5) +
    (columns >= ROOMY && left !== "" ? `  ${left}` : "");
  const room = Math.max(0, columns - before.length - after.length), full = Math.round(share * room);
  return before + styled("█".repeat(full), "green", color) + styled("░".repeat(room - full), "dim", color) +
    after;
}

/** Returns the named numbers of a run, most important first. */
function factsOf(status: RunStatus, columns: number): string[] {
  const { loss, scores, rate, unit, learningRate, device, memory } = status;
  return [
    loss === null ? "" : `loss ${formatNumber(loss)}`,
    scores,
    columns < ROOMY ? timeLeft(status) : "",
    rate > 0 ? `${Math.round(rate)} ${unit}/s` : "",
    learningRate === null ? "" : `lr ${Number(learningRate.toPrecision(3))}`,
    device,
    memory === null ? "" : formatBytes(memory),
  ].filter((fact) => fact !== "");
}

function plotsOf(status: RunStatus, { columns, rows, color }: ViewSize): string[] {
  const { losses, score, epochs } = status;
  const hasLoss = losses.some(({ points }) => points.length > 1);
  if (!hasLoss || columns < NARROW || rows < SHORT) return [];
  const draw = (curves: readonly StatusCurve[], name: string, size: Omit<ViewSize, "color">): string[] =>
    plotOf(curves, `${name} by epoch`, epochs, size).toText({ ...size, color }).trimEnd().split("\n");
  const whole = { columns, rows: Math.min(rows, TALL) };
  if (score !== null && columns >= WIDE) {
    const width = Math.floor((columns - 2) / 2), left = draw(losses, "loss", { ...whole, columns: width });
    // Align the axes: a legend takes a line of its own.
    const height = whole.rows - (hasLegend(losses, { ...whole, columns: width }) ? 1 : 0);
    return sideBySide([left, draw([score], score.name, { columns: width, rows: height })], [width, width]);
  }
  if (score === null || rows < 2 * SHORT) return draw(losses, "loss", whole);
  const half = { columns, rows: Math.min(Math.floor(rows / 2), TALL) };
  return [...draw(losses, "loss", half), ...draw([score], score.name, half)];
}

const hasLegend = (curves: readonly StatusCurve[], { columns, rows }: Omit<ViewSize, "color">): boolean =>
  curves.length > 1 && columns >= LEGEND.columns && rows >= LEGEND.rows;

/** Draws curves over the epochs of the whole run, on a logarithmic axis if values fall by a large factor. */
function plotOf(
  curves: readonly StatusCurve[],
  title: string,
  epochs: number,
  size: Omit<ViewSize, "color">,
): Plot {
  const values = curves.flatMap(({ points }) => points.map(([, y]) => y));
  const low = Math.min(...values), high = Math.max(...values), logY = low > 0 && high > 10 * low;
  // A single value has no range, so show a small range around it.
  const around = 0.05 * Math.abs(low) || 1;
  const plot = new Plot({
    ...{ title, x: [0, epochs], logY },
    ...(low === high && { y: [low - around, low + around] }),
  });
  const named = hasLegend(curves, size);
  curves.forEach(({ name, points }, i) => {
    const style = points.length > 1 ? "line" : "dots";
    plot.add(points, { ...(named && { name }), style, color: COLORS[i % COLORS.length]! });
  });
  return plot;
}
