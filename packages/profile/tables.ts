/** Formats times as text tables. */
import { formatBytes } from "@troodon/io";
import type { KernelTime } from "./kernel_times.ts";
import type { LayerTime } from "./layer_times.ts";
import type { OpTimes } from "./op_times.ts";

/** Options of {@linkcode ProfileReport.table}. */
export interface TableOptions {
  /** Maximum number of rows, with the other rows summed up in a last line; 20 by default. */
  readonly limit?: number;
  /** Maximum line width, for which names are shortened and columns dropped; the width of the terminal by default. */
  readonly columns?: number;
}

/** Table column: its header, alignment, and the text of its cells. */
interface Column<T> {
  readonly head: string;
  readonly left?: true;
  readonly cell: (row: T) => string;
}

/** Minimum width of shortened names. */
const LEAST_NAME = 16;

/** Formats a time in a suitable unit: "12.3 us", "1.23 ms", "4.56 s". */
export function formatTime(seconds: number): string {
  const [unit, size] = seconds >= 1 ? ["s", 1] : seconds >= 1e-3 ? ["ms", 1e-3] : ["us", 1e-6];
  const value = seconds / size, places = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(places)} ${unit}`;
}

const percent = (part: number, whole: number): string =>
  whole > 0 ? `${(100 * part / whole).toFixed(1)}%` : "-";
const count = (n: number): string => n === 0 ? "-" : Number.isInteger(n) ? `${n}` : n.toFixed(1);
const bytes = (n: number): string => n === 0 ? "-" : formatBytes(Math.round(n));
const time = (seconds: number): string => seconds === 0 ? "-" : formatTime(seconds);

/** Columns for device times, if the device clock was read; `whole` is their sum. */
const deviceColumns = <T extends { readonly device: number | null }>(
  rows: readonly T[],
  whole: number,
): Column<T>[] =>
  rows.some(({ device }) => device !== null)
    ? [
      { head: "Device", cell: ({ device }) => time(device ?? 0) },
      { head: "Device %", cell: ({ device }) => device ? percent(device, whole) : "-" },
    ]
    : [];

/** Sum of the device seconds of all rows. */
const onDevice = (rows: readonly { readonly device: number | null }[]): number =>
  rows.reduce((sum, { device }) => sum + (device ?? 0), 0);

/** Formats the table of ops; `whole` is the time of a run in seconds. */
export function opTable({ ops, outside, waiting }: OpTimes, whole: number, options: TableOptions): string {
  const table = drawTable(
    ops,
    [
      { head: "Op", left: true, cell: ({ name }) => name },
      { head: "Phase", left: true, cell: ({ phase }) => phase },
      ...deviceColumns(ops, onDevice(ops)),
      { head: "Self", cell: ({ self }) => time(self) },
      { head: "Self %", cell: ({ self }) => percent(self, whole) },
      { head: "Total", cell: ({ total }) => time(total) },
      { head: "Calls", cell: ({ calls }) => count(calls) },
      { head: "Backend", cell: ({ backend }) => time(backend) },
      { head: "Kernels", cell: ({ kernels }) => count(kernels) },
      { head: "Memory", cell: (row) => bytes(row.bytes) },
    ],
    options,
    ({ self }) => self,
  );
  const share = (seconds: number): string => `${formatTime(seconds)} (${percent(seconds, whole)})`;
  const wait = onDevice(ops) > 0 ? `; waiting for the device: ${share(waiting)}` : "";
  return `${table}\nOutside of ops: ${share(outside)}${wait}`;
}

/** Formats the table of layers; `whole` is the time of a run in seconds. */
export function layerTable(layers: readonly LayerTime[], whole: number, options: TableOptions): string {
  return drawTable(
    layers,
    [
      {
        head: "Layer",
        left: true,
        cell: ({ path, type, depth }) => `${"  ".repeat(depth)}${path === "" ? type : `${path}: ${type}`}`,
      },
      ...deviceColumns(layers, onDevice(layers.filter(({ depth }) => depth === 0))),
      { head: "Forward", cell: ({ forward }) => time(forward) },
      { head: "Backward", cell: ({ backward }) => time(backward) },
      { head: "Self %", cell: ({ self }) => percent(self, whole) },
      { head: "Calls", cell: ({ calls }) => count(calls) },
      { head: "Memory", cell: (row) => bytes(row.bytes) },
    ],
    options,
    ({ self }) => self,
  );
}

/** Formats the table of kernels; `whole` is the time of a run in seconds. */
export function kernelTable(kernels: readonly KernelTime[], whole: number, options: TableOptions): string {
  return drawTable(
    kernels,
    [
      { head: "Kernel", left: true, cell: ({ name }) => name },
      { head: "Op", left: true, cell: ({ op }) => op },
      { head: "Phase", left: true, cell: ({ phase }) => phase },
      ...deviceColumns(kernels, onDevice(kernels)),
      { head: "Host", cell: ({ host }) => time(host) },
      { head: "Host %", cell: ({ host }) => percent(host, whole) },
      { head: "Calls", cell: ({ calls }) => count(calls) },
    ],
    options,
    ({ host }) => host,
  );
}

/** Formats the first rows, followed by a line with the summed time of the others. */
function drawTable<T>(
  rows: readonly T[],
  columns: readonly Column<T>[],
  { limit = 20, columns: width = Infinity }: TableOptions,
  secondsOf: (row: T) => number,
): string {
  const shown = rows.slice(0, limit), left = rows.slice(limit);
  const cells = [
    columns.map(({ head }) => head),
    ...shown.map((row) => columns.map(({ cell }) => cell(row))),
  ];
  const widths = columns.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)));
  const total = (): number => widths.reduce((sum, width) => sum + width + 2, -2);
  widths[0] = Math.max(Math.min(LEAST_NAME, widths[0]!), widths[0]! - Math.max(0, total() - width));
  while (widths.length > 2 && total() > width) widths.pop();
  const lines = cells.map((row) =>
    widths.map((width, i) => {
      const text = cut(row[i]!, width);
      return columns[i]!.left ? text.padEnd(width) : text.padStart(width);
    }).join("  ").trimEnd()
  );
  const rule = "-".repeat(Math.min(total(), width));
  const seconds = left.reduce((sum, row) => sum + secondsOf(row), 0);
  const more = left.length === 0 ? [] : [`${left.length} more: ${formatTime(seconds)}`];
  return [lines[0], rule, ...lines.slice(1), rule, ...more].join("\n");
}

/** Shortens `text` to at most `width` characters. */
function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
