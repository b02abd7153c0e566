/** Features and targets of the columns of a table. */
import type { OptionKeys } from "@troodon/core/kernel";
import { type Column, distinct, type RawColumn, readColumn } from "./table_columns.ts";

/** Options of tables of all kinds. */
export interface TableDatasetOptions {
  /** The column to predict, by name or number (default: the last). */
  readonly target?: string | number;
  /** The columns to predict from (default: all others). */
  readonly features?: readonly (string | number)[];
  /** Kind of the targets: classes or numbers (default: classes if they are texts or whole numbers). */
  readonly kind?: "class" | "number";
  /**
   * Handling of missing cells: throw an error (`"throw"`, the default), leave out the row (`"skip"`), or use a number,
   * such as NaN, in place of the feature.
   */
  readonly missing?: "throw" | "skip" | number;
  /** Features whose cells are categories, even if they are numbers. */
  readonly categorical?: readonly (string | number)[];
  /**
   * Categories of each feature that has texts: pass `categories` of another dataset, so that both number them alike.
   * Other texts, and texts in other columns, are errors (default: the texts of this table).
   */
  readonly categories?: Readonly<Record<string, readonly string[]>>;
  /**
   * Classes of the target: pass `classes` of another dataset, so that both number them alike. Other labels are errors.
   * Null if targets are numbers (default: the labels of this table).
   */
  readonly classes?: readonly string[] | null;
}

/** The keys of {@linkcode TableDatasetOptions}. */
export const TABLE_DATASET_OPTIONS: OptionKeys<TableDatasetOptions> = {
  target: true,
  features: true,
  kind: true,
  missing: true,
  categorical: true,
  categories: true,
  classes: true,
};

/** The columns of a table once they are read. */
export interface TableColumns {
  /** The columns to predict from. */
  readonly features: readonly Column[];
  /** The column to predict. */
  readonly target: Column;
  /** True if targets are classes. */
  readonly isClass: boolean;
  /** The number in place of missing features. */
  readonly fill: number;
  /** The number of rows that were left out. */
  readonly skipped: number;
  /** The number of missing cells of each feature, then of the target. */
  readonly missing: readonly number[];
}

/**
 * Reads the columns that options name.
 *
 * @param file The name of the file, for errors.
 * @param advice Advice for columns of numbers that have a text, for errors.
 * @throws {TypeError} If a required cell is missing, or a text is among numbers.
 * @throws {RangeError} If there is no such column, category or class.
 */
export function readTable(
  columns: readonly RawColumn[],
  options: TableDatasetOptions,
  { file, advice }: { readonly file: string; readonly advice: string },
): TableColumns {
  const { missing = "throw", categories } = options;
  const place = placeIn(columns.map(({ name }) => name), file);
  const target = place(options.target ?? columns.length - 1);
  const chosen = options.features?.map(place) ?? [...columns.keys()].filter((i) => i !== target);
  const categorical = new Set(options.categorical?.map(place));
  const all = [...chosen, target].map((i) => columns[i]!);
  const counts = all.map(({ texts }) => texts.reduce((sum, text) => sum + Number(text === null), 0));
  // A number can stand for features only: a row without a target is of no use.
  if (missing !== "skip") refuseMissing(missing === "throw" ? all : all.slice(-1), file);
  const rows = columns[0]!.texts.length;
  const kept = missing === "skip" && counts.some((count) => count > 0)
    ? [...Array(rows).keys()].filter((row) => all.every(({ texts }) => texts[row] !== null))
    : null;
  const rawOf = (i: number): RawColumn => {
    const column = columns[i]!;
    return kept === null ? column : { ...column, texts: kept.map((row) => column.texts[row]!) };
  };
  const fill = typeof missing === "number" ? missing : NaN;
  const features = chosen.map((i) => {
    const raw = rawOf(i), known = categories && (categories[raw.name] ?? null);
    const column = readColumn(raw, {
      file,
      isCategorical: categorical.has(i),
      ...(known !== undefined && { categories: known }),
      advice: `${advice}, { categorical: [${JSON.stringify(raw.name)}] } numbers its texts`,
    });
    refuseFill(column, fill, file);
    return column;
  });
  return {
    features,
    ...targetOf(rawOf(target), options, {
      file,
      advice: `${advice}, { kind: "class" } makes classes of all texts`,
    }),
    fill,
    skipped: kept === null ? 0 : rows - kept.length,
    missing: counts,
  };
}

/** Reads the column to predict, as classes or as numbers. */
function targetOf(
  raw: RawColumn,
  { kind, classes }: TableDatasetOptions,
  rules: { readonly file: string; readonly advice: string },
): Pick<TableColumns, "target" | "isClass"> {
  if (kind === "class" || classes) {
    return {
      target: readColumn(raw, { ...rules, isCategorical: true, categories: classes ?? distinct(raw) }),
      isClass: true,
    };
  }
  const mustBeNumbers = kind === "number" || classes === null;
  const target = readColumn(raw, {
    ...rules,
    isCategorical: false,
    ...(mustBeNumbers && { categories: null }),
  });
  if (target.categories !== null) return { target, isClass: true };
  if (mustBeNumbers || !target.values.every(Number.isInteger)) return { target, isClass: false };
  // Labels stay texts: "01" is not "1", and numbers beyond 2^24 are not rounded.
  return { target: readColumn(raw, { ...rules, isCategorical: true }), isClass: true };
}

/** Returns the function that finds a column by its name or number. */
export function placeIn(names: readonly string[], file: string): (column: string | number) => number {
  return (column) => {
    const at = typeof column === "number" ? column : names.indexOf(column);
    if (Number.isInteger(at) && at >= 0 && at < names.length) return at;
    throw new RangeError(
      `Cannot read ${file}: it must have the column ${JSON.stringify(column)} but has ${names.join(", ")}`,
    );
  };
}

function refuseMissing(columns: readonly RawColumn[], file: string): void {
  for (const { name, texts } of columns) {
    const row = texts.indexOf(null);
    if (row < 0) continue;
    throw new TypeError(
      `Cannot read ${file}: row ${row + 1} has nothing in the column ${JSON.stringify(name)}: ` +
        '{ missing: "skip" } leaves it out, and { missing: NaN } makes NaN of missing features',
    );
  }
}

/** Refuses a number for missing cells that is the number of a category. */
function refuseFill({ name, values, categories }: Column, fill: number, file: string): void {
  const row = values.findIndex(Number.isNaN);
  if (categories === null || row < 0 || !Object.hasOwn(categories, fill)) return;
  throw new RangeError(
    `Cannot read ${file}: row ${row + 1} has nothing in the column ${
      JSON.stringify(name)
    }, and { missing: ${fill} } is ` +
      `the number of its category ${JSON.stringify(categories[fill])}: { missing: -1 } or NaN is none`,
  );
}
