/** The live view of a run as lines of text. */
import { formatBytes } from "@troodon/io";
import { Plot } from "../plot/plot.ts";
import { formatDuration, formatNumber } from "../progress.ts";
import { cutText, sideBySide, styled, wrapWords } from "./ansi.ts";
import type { RunStatus, StatusCurve } from "./run_status.ts";

/** Room for the live view. */
export interface ViewSize {
  /** Characters in a line. */
  readonly columns: number;
  /** Lines. */
  readonly rows: number;
  /** True to use colors. */
  readonly color: boolean;
}

/** Columns from which two plots stand side by side, and under which there is none. */
const WIDE = 60, NARROW = 16;
/** Lines of a plot: at most, and the fewest that show a curve. */
const TALL = 11, SHORT = 6;
/** Colors of curves that can be seen on dark and on light grounds, and told apart by people who see no red or green. */
const COLORS = ["#56b4e9", "#e69f00"] as const;
/** Columns and lines that a plot needs for a legend. */
const LEGEND = { columns: 32, rows: 8 };

/** Returns the lines of a status, none wider than `columns`, at most `rows` of them. */
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

/** The columns from which the time left stands beside the bar. */
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

/** Numbers of a run with their names, the most important ones first. */
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
    // Axes at the same height: a legend has a line of its own.
    const height = whole.rows - (hasLegend(losses, { ...whole, columns: width }) ? 1 : 0);
    return sideBySide([left, draw([score], score.name, { columns: width, rows: height })], [width, width]);
  }
  if (score === null || rows < 2 * SHORT) return draw(losses, "loss", whole);
  const half = { columns, rows: Math.min(Math.floor(rows / 2), TALL) };
  return [...draw(losses, "loss", half), ...draw([score], score.name, half)];
}

const hasLegend = (curves: readonly StatusCurve[], { columns, rows }: Omit<ViewSize, "color">): boolean =>
  curves.length > 1 && columns >= LEGEND.columns && rows >= LEGEND.rows;

/** Draws curves over the epochs of the whole run; a logarithmic axis where they fall far. */
function plotOf(
  curves: readonly StatusCurve[],
  title: string,
  epochs: number,
  size: Omit<ViewSize, "color">,
): Plot {
  const values = curves.flatMap(({ points }) => points.map(([, y]) => y));
  const low = Math.min(...values), high = Math.max(...values), logY = low > 0 && high > 10 * low;
  // A single value has no range: show a little of what is around it.
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
