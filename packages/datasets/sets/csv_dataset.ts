import { type OptionKeys, pickOptions, readOptions } from "@troodon/core/kernel";
import { requireFile, runtimeFiles } from "@troodon/io";
import { parseCsv } from "../files/csv.ts";
import { decodeText } from "../files/decode_text.ts";
import {
  readTable,
  TABLE_DATASET_OPTIONS,
  type TableColumns,
  type TableDatasetOptions,
} from "./read_table.ts";
import type { RawColumn } from "./table_columns.ts";
import { TableDataset } from "./table_dataset.ts";

/** Options of {@linkcode CsvDataset.open}. */
export interface CsvDatasetOptions extends TableDatasetOptions {
  /** True if the first row names the columns (default true); otherwise they are named `0`, `1` ... */
  readonly header?: boolean;
  /** Character between fields (default `,`). */
  readonly separator?: string;
  /** Character before the fraction of a number (default `.`). */
  readonly decimal?: string;
  /** Character between groups of three digits, such as `,` in `1,000` (default: none). */
  readonly thousands?: string;
  /**
   * Texts that mean a missing cell, besides empty fields (default: those of pandas, such as `NA`, `NaN` and `null`).
   */
  readonly naValues?: readonly string[];
  /** Encoding of the file (default: given by its byte order mark, or UTF-8). */
  readonly encoding?: string;
}
const CSV_DATASET_OPTIONS: OptionKeys<CsvDatasetOptions> = {
  ...TABLE_DATASET_OPTIONS,
  header: true,
  separator: true,
  decimal: true,
  thousands: true,
  naValues: true,
  encoding: true,
};

/** Texts that pandas reads as missing. */
const NA_VALUES: readonly string[] = [
  ...[
    "NA",
    "N/A",
    "n/a",
    "<NA>",
    "#N/A",
    "#N/A N/A",
    "#NA",
    "NULL",
    "null",
    "None",
    "NaN",
    "-NaN",
    "nan",
    "-nan",
  ],
  ...["1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN"],
];

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const INFINITY = /^([+-]?)inf(inity)?$/i;
/** Currencies, percentages, groups of digits, other decimal marks and hexadecimal digits. */
const NUMBER_LIKE =
  /^[+-]?[$\u20ac\u00a3\u00a5]?\s*[+-]?(0x[\da-f]+|\d[\d.,' \u00a0_]*(e[+-]?\d+)?)\s*[%\u20ac]?$/i;

/** Returns a function that reads the numbers of a file, NaN for other texts. */
function numberReader({ decimal = ".", thousands = "" }: CsvDatasetOptions): (text: string) => number {
  const marks = { decimal, thousands };
  for (const [name, mark] of Object.entries(marks)) {
    if (typeof mark === "string" && (mark.length === 1 || name === "thousands") && mark.length <= 1) continue;
    throw new RangeError(
      `Cannot read a CSV text as ${name} must be one character: it is ${JSON.stringify(mark)}`,
    );
  }
  const grouped = new RegExp(`^[+-]?\\d{1,3}(\\${thousands || ","}\\d{3})+(?!\\d)`);
  return (text) => {
    let plain = text.trim();
    if (thousands !== "" && plain.includes(thousands)) {
      if (!grouped.test(plain)) return NaN;
      plain = plain.replaceAll(thousands, "");
    }
    if (decimal !== ".") {
      if (plain.includes(".")) return NaN;
      plain = plain.replace(decimal, ".");
    }
    if (NUMBER.test(plain)) return Number(plain);
    const infinite = INFINITY.exec(plain);
    return infinite === null ? NaN : infinite[1] === "-" ? -Infinity : Infinity;
  };
}

/** Returns the names of the columns, which must differ. */
function checkNames(names: readonly string[], name: string): void {
  const twice = names.find((column, i) => names.indexOf(column) !== i);
  if (twice === undefined) return;
  throw new TypeError(
    `Cannot read ${name}: it has more than one column with the name ${JSON.stringify(twice)}`,
  );
}

/**
 * Rows of a CSV file, all in memory: some columns as features, one as target. Columns of numbers stay numbers; texts
 * are numbered in alphabetical order (`categories` has them). Classes are numbered from 0. A text among numbers is an
 * error that names its row.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { CsvDataset } from "@troodon/datasets";
 *
 * const dataset = CsvDataset.parse("length,width,kind\n5.1,3.5,setosa\n7,3.2,versicolor\n");
 * assertEquals(dataset.classes, ["setosa", "versicolor"]);
 * assertEquals([...dataset.get(1).features.data], [7, 3.2].map(Math.fround));
 * assertEquals(dataset.get(1).target, 1);
 * ```
 *
 * @example Numbering the texts of a second file as in the first
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { CsvDataset } from "@troodon/datasets";
 *
 * const train = CsvDataset.parse("color,kind\nblue,a\ngreen,b\nred,c\n");
 * const { categories, classes } = train;
 * const test = CsvDataset.parse("color,kind\nred,c\n", { categories, classes });
 * assertEquals([test.get(0).features.data[0], test.get(0).target], [2, 2]);
 * ```
 */
export class CsvDataset extends TableDataset {
  private constructor(table: TableColumns) {
    super(table);
  }

  /**
   * Reads a file.
   *
   * @throws {Deno.errors.NotFound} If it is not there.
   * @throws {TypeError} If it is not a file or not a table, if it has bytes of another encoding, if a required field is
   * empty, or if there is a text among numbers.
   * @throws {RangeError} If there is no such column, category or class.
   */
  static async open(path: string, options: CsvDatasetOptions = {}): Promise<CsvDataset> {
    options = readOptions("CsvDataset.open()", options, CSV_DATASET_OPTIONS);
    await requireFile(path);
    return CsvDataset.parse(
      decodeText(await runtimeFiles().read(path), path, options.encoding),
      options,
      path,
    );
  }

  /** Reads a text; `name` is what errors call it. See {@linkcode CsvDataset.open}. */
  static parse(text: string, options: CsvDatasetOptions = {}, name = "the CSV text"): CsvDataset {
    options = readOptions("CsvDataset.parse()", options, CSV_DATASET_OPTIONS);
    const { header = true, separator = ",", naValues = NA_VALUES } = options;
    const rows = parseCsv(text, { separator, name });
    const names = header ? rows.shift() : rows[0]?.map((_, i) => String(i));
    if (!names || rows.length === 0) throw new TypeError(`Cannot read ${name}: it has no rows`);
    checkNames(names, name);
    const wrong = rows.findIndex((row) => row.length !== names.length);
    if (wrong >= 0) {
      throw new TypeError(
        `Cannot read ${name}: all rows must have ${names.length} fields but row ${wrong + 1} has ${
          rows[wrong]!.length
        }`,
      );
    }
    const absent = new Set(naValues), numberOf = numberReader(options);
    const columns = names.map((column, i): RawColumn => ({
      name: column,
      texts: rows.map((row) => {
        const plain = row[i]!.trim();
        if (plain === "" || absent.has(plain)) return null;
        return Number.isNaN(numberOf(plain)) ? row[i]! : plain;
      }),
      numberOf,
      isNumberLike: (text) => NUMBER_LIKE.test(text.trim()),
    }));
    const advice = ": { naValues: [...] } names texts that stand for nothing";
    return new CsvDataset(
      readTable(columns, pickOptions(options, TABLE_DATASET_OPTIONS), { file: name, advice }),
    );
  }
}
