/** A table of runs that fits a terminal. */
import { formatNumber } from "@troodon/troodon";
import { onOneLine } from "../flags/on_one_line.ts";
import type { ListedRun } from "./run_list.ts";

interface Column {
  readonly title: string;
  /** Columns of less importance are left out first where the terminal is narrow: those with the largest number. */
  readonly rank: number;
  readonly isNumber?: boolean;
  readonly text: (run: ListedRun, thisYear: number) => string;
}

const percent = (x: number): string => `${(100 * x).toFixed(2)} %`;

/** The day, and the time of this place to the minute where it is a day of the year `thisYear`. */
function showTime(when: string | null, thisYear: number): string {
  const date = new Date(when ?? NaN);
  if (Number.isNaN(date.getTime())) return "";
  const two = (n: number): string => String(n).padStart(2, "0");
  const day = `${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  if (date.getFullYear() !== thisYear) return `${date.getFullYear()}-${day}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

const COLUMNS: readonly Column[] = [
  { title: "name", rank: 0, text: ({ name }) => name },
  { title: "model", rank: 5, text: ({ model }) => model ?? "" },
  { title: "data", rank: 6, text: ({ dataset }) => dataset ?? "" },
  {
    title: "epochs",
    rank: 3,
    isNumber: true,
    text: ({ epochs, wanted }) => wanted === null ? String(epochs) : `${epochs}/${wanted}`,
  },
  {
    title: "accuracy",
    rank: 2,
    isNumber: true,
    text: ({ accuracy }) => accuracy === null ? "" : percent(accuracy),
  },
  { title: "loss", rank: 4, isNumber: true, text: ({ loss }) => loss === null ? "" : formatNumber(loss) },
  { title: "when", rank: 7, text: ({ when }, thisYear) => showTime(when, thisYear) },
  { title: "state", rank: 1, text: ({ status }) => status },
];

/** The least width of a name, and the space between columns. */
const LEAST = 6, GAP = 2;

/** The lines of a table of `runs` that are at most `width` letters long: columns are left out, and names cut. */
export function runTable(
  runs: readonly ListedRun[],
  width: number,
  thisYear: number = new Date().getFullYear(),
): string[] {
  const widthOf = ({ title, text }: Column): number =>
    Math.max(title.length, ...runs.map((run) => text(run, thisYear).length));
  let columns = COLUMNS.map((column) => ({ ...column, width: widthOf(column) }));
  const total = (): number => columns.reduce((sum, { width }) => sum + width + GAP, -GAP);
  const excess = (): number => total() - Math.max(columns[0]!.width - LEAST, 0) - width;
  while (excess() > 0 && columns.length > 2) {
    const last = Math.max(...columns.map(({ rank }) => rank));
    columns = columns.filter(({ rank }) => rank !== last);
  }
  const first = columns[0]!;
  columns[0] = { ...first, width: Math.max(Math.min(first.width, first.width - total() + width), LEAST) };
  const cut = (text: string, most: number): string =>
    text.length > most ? `${text.slice(0, most - 1)}…` : text;
  const line = (cell: (column: Column) => string): string =>
    columns.map((column) => {
      const text = cut(onOneLine(cell(column)), column.width);
      return column.isNumber ? text.padStart(column.width) : text.padEnd(column.width);
    }).join(" ".repeat(GAP)).trimEnd();
  return [line(({ title }) => title), ...runs.map((run) => line(({ text }) => text(run, thisYear)))];
}
