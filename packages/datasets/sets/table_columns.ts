/** Reads the columns of tables as numbers or categories. */
import { showArgument } from "@troodon/core/kernel";
import { byCodeUnits } from "./folder_files.ts";

/** A column of a file, as text. */
export interface RawColumn {
  /** The name of the column. */
  readonly name: string;
  /** The text of each cell; null where it is missing. */
  readonly texts: readonly (string | null)[];
  /** Returns the number of a text, or NaN; null for columns that are texts even if they look like numbers. */
  readonly numberOf: ((text: string) => number) | null;
  /** Returns true for texts that look like numbers of a form that `numberOf` does not read. */
  readonly isNumberLike?: (text: string) => boolean;
}

/** A column with a number for each cell. */
export interface Column {
  /** The name of the column. */
  readonly name: string;
  /** The number of each cell, or of its category; NaN where it is missing. */
  readonly values: Float64Array;
  /** The texts of the categories, by number; null if the column has numbers. */
  readonly categories: readonly string[] | null;
  /** The text of each cell. */
  readonly texts: readonly (string | null)[];
}

/** Rules for reading the cells of a column. */
export interface ColumnRules {
  /** The file, for errors. */
  readonly file: string;
  /** True if cells are categories even if they are numbers. */
  readonly isCategorical: boolean;
  /** The categories, if they are known; null if the column must have numbers. */
  readonly categories?: readonly string[] | null;
  /** Advice on texts in a column of numbers. */
  readonly advice: string;
}

/**
 * Reads the cells of a column: numbers, or categories in the order of their texts.
 *
 * @throws {TypeError} If a column of numbers has a text.
 * @throws {RangeError} If a text is not among the known categories.
 */
export function readColumn(raw: RawColumn, rules: ColumnRules): Column {
  const { name, texts } = raw, { file, categories, advice } = rules;
  const numbers = rules.isCategorical || categories ? null : readNumbers(raw);
  if (numbers !== null) {
    const wrong = texts.findIndex((text, row) => text !== null && Number.isNaN(numbers.values[row]));
    if (wrong < 0) return { name, values: numbers.values, categories: null, texts };
    if (numbers.isMostly || categories === null) {
      throw new TypeError(
        `Cannot read ${file}: row ${wrong + 1} has ${JSON.stringify(texts[wrong])} in the column ` +
          `${JSON.stringify(name)}, which ${
            categories === null ? "must have" : "has mostly"
          } numbers${advice}`,
      );
    }
  } else if (categories === null) {
    throw new TypeError(`Cannot read ${file}: the column ${JSON.stringify(name)} must have numbers`);
  }
  const known = categories ?? distinct(raw);
  const places = new Map(known.map((category, i) => [category, i]));
  const values = Float64Array.from(texts, (text, row) => {
    if (text === null) return NaN;
    const place = places.get(text);
    if (place !== undefined) return place;
    throw new RangeError(
      `Cannot read ${file}: row ${row + 1} has ${JSON.stringify(text)} in the column ${
        JSON.stringify(name)
      }, which is ` +
        `none of ${showArgument(known)}`,
    );
  });
  return { name, values, categories: known, texts };
}

function readNumbers({ texts, numberOf, isNumberLike }: RawColumn): {
  readonly values: Float64Array;
  readonly isMostly: boolean;
} | null {
  if (numberOf === null) return null;
  let cells = 0, numbers = 0;
  const values = Float64Array.from(texts, (text) => {
    if (text === null) return NaN;
    const value = numberOf(text);
    cells++;
    if (!Number.isNaN(value) || isNumberLike?.(text)) numbers++;
    return value;
  });
  return { values, isMostly: 2 * numbers > cells };
}

/** Returns the distinct texts of a column, sorted by their numbers, then by code units. */
export function distinct({ texts, numberOf }: Pick<RawColumn, "texts" | "numberOf">): readonly string[] {
  const found = [...new Set(texts.filter((text) => text !== null))];
  const numbers = new Map(found.map((text) => [text, numberOf?.(text) ?? NaN]));
  const isNumeric = found.every((text) => !Number.isNaN(numbers.get(text)));
  return found.sort((a, b) => (isNumeric ? numbers.get(a)! - numbers.get(b)! : 0) || byCodeUnits(a, b));
}
