import { checkOpened } from "./opened.ts";
import { type OptionKeys, readOptions, showAsText } from "@troodon/core/kernel";
import { requireFile, runtimeFiles } from "@troodon/io";
import type { HostBatch } from "../collate.ts";
import { parseCsv } from "../files/csv.ts";
import { type BatchedDataset, checkIndex } from "../dataset.ts";
import { NdArray } from "../nd_array.ts";
import { showDataset } from "../show_dataset.ts";

/** Options of {@linkcode CsvDataset.open}. */
export interface CsvDatasetOptions {
  /** The column that is to be predicted, by name or number (default: the last). */
  readonly target?: string | number;
  /** The columns to predict it from (default: all others). */
  readonly features?: readonly (string | number)[];
  /** Whether the first row names the columns (default true); without it they are named `0`, `1` ... */
  readonly header?: boolean;
  /** What stands between fields (default `,`). */
  readonly separator?: string;
  /** Whether targets are classes or numbers (default: classes if they are text, or whole numbers). */
  readonly kind?: "class" | "number";
  /**
   * What becomes of empty fields: an error (`"throw"`, the default), rows that are left out and counted (`"skip"`), or
   * a number in their place.
   */
  readonly missing?: "throw" | "skip" | number;
}
const CSV_DATASET_OPTIONS: OptionKeys<CsvDatasetOptions> = {
  target: true,
  features: true,
  header: true,
  separator: true,
  kind: true,
  missing: true,
};

/** A row of a table. */
export interface TableSample {
  /** Its features, `[features]`. */
  readonly features: NdArray<Float32Array>;
  /** The number of its class, or its target, `[1]`. */
  readonly target: number | NdArray<Float32Array>;
}

interface Column {
  readonly name: string;
  readonly values: Float32Array;
  /** The texts that the values number, sorted; null if the column has numbers. */
  readonly categories: readonly string[] | null;
}

const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;

const byCodeUnits = (a: string, b: string): number => a < b ? -1 : a > b ? 1 : 0;

function columnOf(name: string, fields: readonly string[], missing: number): Column {
  const isMissing = (field: string): boolean => field.trim() === "";
  if (fields.every((field) => isMissing(field) || NUMBER.test(field))) {
    const values = Float32Array.from(fields, (field) => isMissing(field) ? missing : Number(field));
    return { name, values, categories: null };
  }
  const categories = [...new Set(fields.filter((field) => !isMissing(field)))].sort(byCodeUnits);
  const numbers = new Map(categories.map((category, i) => [category, i]));
  return { name, values: Float32Array.from(fields, (field) => numbers.get(field) ?? missing), categories };
}

/** Classes numbered in ascending order. */
function asClasses(column: Column): { readonly numbers: Int32Array; readonly classes: readonly string[] } {
  if (column.categories) return { numbers: Int32Array.from(column.values), classes: column.categories };
  const distinct = [...new Set(column.values)].sort((a, b) => a - b);
  const numbers = new Map(distinct.map((value, i) => [value, i]));
  return { numbers: Int32Array.from(column.values, (v) => numbers.get(v)!), classes: distinct.map(String) };
}

/**
 * Rows of a CSV file, all in memory: some columns as features, one as target. Columns of numbers stay numbers; texts
 * are numbered in alphabetical order (`categories` has them). Classes are numbered from 0.
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
 */
export class CsvDataset implements BatchedDataset<TableSample> {
  /** The names of the features. */
  readonly columns: readonly string[];
  /** The texts of each feature that has texts, by its name. */
  readonly categories: Readonly<Record<string, readonly string[]>>;
  /** The names of the classes; null if targets are numbers. */
  readonly classes: readonly string[] | null;
  /** All features, `[rows, features]`. */
  readonly features: NdArray<Float32Array>;
  /** All targets: classes `[rows]` of `int32`, or numbers `[rows, 1]` of `float32`. */
  readonly targets: NdArray<Int32Array> | NdArray<Float32Array>;
  /** How many rows were left out for empty fields. */
  readonly skipped: number;

  private constructor(columns: readonly Column[], target: Column, kind: "class" | "number", skipped: number) {
    checkOpened("CsvDataset", Array.isArray(columns));
    const rows = target.values.length;
    const features = new Float32Array(rows * columns.length);
    columns.forEach(({ values }, c) => values.forEach((v, r) => features[r * columns.length + c] = v));
    this.columns = columns.map(({ name }) => name);
    this.categories = Object.fromEntries(
      columns.flatMap(({ name, categories }) => categories ? [[name, categories]] : []),
    );
    this.features = new NdArray(features, [rows, columns.length]);
    this.skipped = skipped;
    if (kind === "class") {
      const { numbers, classes } = asClasses(target);
      this.targets = new NdArray(numbers, [rows]);
      this.classes = classes;
    } else {
      this.targets = new NdArray(target.values, [rows, 1]);
      this.classes = null;
    }
  }

  /**
   * Reads a file.
   *
   * @throws {Deno.errors.NotFound} If it is not there.
   * @throws {TypeError} If it is not a file or not a table, or if a required field is empty.
   * @throws {RangeError} If there is no such column.
   */
  static async open(path: string, options: CsvDatasetOptions = {}): Promise<CsvDataset> {
    options = readOptions("CsvDataset.open()", options, CSV_DATASET_OPTIONS);
    await requireFile(path);
    return CsvDataset.parse(new TextDecoder().decode(await runtimeFiles().read(path)), options, path);
  }

  /** Reads a text; `name` is what errors call it. See {@linkcode CsvDataset.open}. */
  static parse(text: string, options: CsvDatasetOptions = {}, name = "the CSV text"): CsvDataset {
    options = readOptions("CsvDataset.parse()", options, CSV_DATASET_OPTIONS);
    const { header = true, separator = ",", missing = "throw" } = options;
    const rows = parseCsv(text, { separator, name });
    const names = header ? rows.shift() : rows[0]?.map((_, i) => String(i));
    if (!names || rows.length === 0) throw new TypeError(`Cannot read ${name}: it has no rows`);
    const wrong = rows.findIndex((row) => row.length !== names.length);
    if (wrong >= 0) {
      throw new TypeError(
        `Cannot read ${name}: all rows must have ${names.length} fields but row ${wrong + 1} has ${
          rows[wrong]!.length
        }`,
      );
    }
    const place = (column: string | number): number => {
      const at = typeof column === "number" ? column : names.indexOf(column);
      if (Number.isInteger(at) && at >= 0 && at < names.length) return at;
      throw new RangeError(
        `Cannot read ${name}: it must have the column ${JSON.stringify(column)} but has ${names.join(", ")}`,
      );
    };
    const target = place(options.target ?? names.length - 1);
    const chosen = options.features?.map(place) ?? [...names.keys()].filter((i) => i !== target);
    const kept = missing === "skip"
      ? rows.filter((row) => [...chosen, target].every((i) => row[i]!.trim() !== ""))
      : rows;
    if (missing === "throw" || typeof missing === "number") {
      // A number stands for features alone: what has no target teaches nothing.
      for (const i of missing === "throw" ? [...chosen, target] : [target]) {
        const empty = kept.findIndex((row) => row[i]!.trim() === "");
        if (empty >= 0) {
          throw new TypeError(
            `Cannot read ${name}: row ${empty + 1} has nothing in the column ${JSON.stringify(names[i])}: ` +
              '{ missing: "skip" } leaves it out',
          );
        }
      }
    }
    const fill = typeof missing === "number" ? missing : NaN;
    const column = (i: number): Column => columnOf(names[i]!, kept.map((row) => row[i]!), fill);
    const goal = column(target);
    const kind = options.kind ??
      (goal.categories || goal.values.every(Number.isInteger) ? "class" : "number");
    if (kind === "number" && goal.categories) {
      throw new TypeError(`Cannot read ${name}: the column ${JSON.stringify(goal.name)} must have numbers`);
    }
    return new CsvDataset(chosen.map(column), goal, kind, rows.length - kept.length);
  }

  /** How many rows there are. */
  get length(): number {
    return this.features.shape[0]!;
  }

  /** Row `index`. */
  get(index: number): TableSample {
    checkIndex(index, this.length);
    const width = this.columns.length;
    const features = new NdArray(this.features.data.subarray(index * width, (index + 1) * width), [width]);
    const { data } = this.targets;
    const target = data instanceof Int32Array
      ? data[index]!
      : new NdArray(data.subarray(index, index + 1), [1]);
    return { features, target };
  }

  /** Rows `indices`, already collated. */
  getBatch(indices: ArrayLike<number>): HostBatch<TableSample> {
    const count = indices.length, width = this.columns.length;
    const features = new Float32Array(count * width);
    const { data } = this.targets;
    const target = data instanceof Int32Array ? new Int32Array(count) : new Float32Array(count);
    for (let i = 0; i < count; i++) {
      const index = indices[i]!;
      checkIndex(index, this.length);
      features.set(this.features.data.subarray(index * width, (index + 1) * width), i * width);
      target[i] = data[index]!;
    }
    return {
      features: new NdArray(features, [count, width]),
      target: new NdArray(target, data instanceof Int32Array ? [count] : [count, 1]),
    };
  }

  /** Describes the dataset: number of rows, and names of the columns. */
  toString(): string {
    return showDataset(this, { columns: this.columns });
  }

  static {
    showAsText(this);
  }
}
