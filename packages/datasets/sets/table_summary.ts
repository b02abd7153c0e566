import { showAsText } from "@troodon/core/kernel";

/** A column of a table as it was read. */
export interface ColumnSummary {
  /** The name of the column. */
  readonly name: string;
  /** Kind of the cells: numbers, categories, or classes to predict. */
  readonly kind: "number" | "category" | "class";
  /** True for the target. */
  readonly isTarget: boolean;
  /** The number of missing cells, including those of rows that were left out. */
  readonly missing: number;
  /** The texts of the categories, by number; null if the column has numbers. */
  readonly categories: readonly string[] | null;
  /** The smallest number; NaN if there is none. */
  readonly min: number;
  /** The largest number; NaN if there is none. */
  readonly max: number;
}

/** The largest number of categories that a line shows. */
const SHOWN = 6;

/** The columns of a table as they were read; prints as one line for each. */
export class TableSummary {
  /** The number of rows. */
  readonly rows: number;
  /** The number of rows that were left out for missing cells. */
  readonly skipped: number;
  /** The features, then the target. */
  readonly columns: readonly ColumnSummary[];

  /** Summarizes columns. */
  constructor(rows: number, skipped: number, columns: readonly ColumnSummary[]) {
    this.rows = rows;
    this.skipped = skipped;
    this.columns = columns;
  }

  /** Shows a line for each column: name, kind, missing cells, and range or categories. */
  toString(): string {
    const cells = [
      ["column", "kind", "missing", "values"],
      ...this.columns.map((
        c,
      ) => [c.isTarget ? `${c.name} (target)` : c.name, c.kind, `${c.missing}`, valuesOf(c)]),
    ];
    const widths = [0, 1, 2].map((i) => Math.max(...cells.map((row) => row[i]!.length)));
    const lines = cells.map(([name, kind, missing, values]) =>
      `    ${name!.padEnd(widths[0]!)}  ${kind!.padEnd(widths[1]!)}  ${
        missing!.padStart(widths[2]!)
      }  ${values}`
    );
    const rows = `${this.rows} ${this.rows === 1 ? "row" : "rows"}`;
    return [`Table of ${rows}${this.skipped > 0 ? `, ${this.skipped} left out` : ""}`, ...lines].join("\n");
  }

  static {
    showAsText(this);
  }
}

function valuesOf({ categories, min, max }: ColumnSummary): string {
  if (categories === null) return Number.isNaN(min) ? "none" : `${min} to ${max}`;
  const shown = categories.slice(0, SHOWN).join(", ");
  return `${categories.length}: ${shown}${categories.length > SHOWN ? ", ..." : ""}`;
}
