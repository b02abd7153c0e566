/** Datasets of tables in memory, with features and targets. */
import { checkOpened } from "./opened.ts";
import { showAsText } from "@troodon/core/kernel";
import type { HostBatch } from "../collate.ts";
import { type BatchedDataset, checkIndex } from "../dataset.ts";
import { NdArray } from "../nd_array.ts";
import { showDataset } from "../show_dataset.ts";
import type { TableColumns } from "./read_table.ts";
import { type ColumnSummary, TableSummary } from "./table_summary.ts";
import type { Column } from "./table_columns.ts";

/** A row of a table. */
export interface TableSample {
  /** Features of the row, `[features]`. */
  readonly features: NdArray<Float32Array>;
  /** The number of the row's class, or its target, `[1]`. */
  readonly target: number | NdArray<Float32Array>;
}

/** Rows of a table, all in memory: some columns as features, one as target. */
export abstract class TableDataset implements BatchedDataset<TableSample> {
  /** The names of the features. */
  readonly columns: readonly string[];
  /** The texts of each categorical feature, by its name. */
  readonly categories: Readonly<Record<string, readonly string[]>>;
  /** The names of the classes; null if targets are numbers. */
  readonly classes: readonly string[] | null;
  /** All features, `[rows, features]`. */
  readonly features: NdArray<Float32Array>;
  /** All targets: classes `[rows]` of `int32`, or numbers `[rows, 1]` of `float32`. */
  readonly targets: NdArray<Int32Array> | NdArray<Float32Array>;
  /** The number of rows that were left out for missing cells. */
  readonly skipped: number;
  /** Kind, missing cells and categories of each column; prints as a table. */
  readonly summary: TableSummary;

  /** Makes a dataset of the columns of a file. */
  constructor(table: TableColumns) {
    checkOpened(new.target.name, Array.isArray(table?.features));
    const { features, target, isClass, skipped, fill, missing } = table, rows = target.values.length;
    const data = new Float32Array(rows * features.length);
    features.forEach(({ values }, c) =>
      values.forEach((v, r) => data[r * features.length + c] = Number.isNaN(v) ? fill : v)
    );
    this.columns = features.map(({ name }) => name);
    this.categories = Object.fromEntries(
      features.flatMap(({ name, categories }) => categories ? [[name, categories]] : []),
    );
    this.features = new NdArray(data, [rows, features.length]);
    this.skipped = skipped;
    this.classes = isClass ? target.categories : null;
    this.targets = isClass
      ? new NdArray(Int32Array.from(target.values), [rows])
      : new NdArray(Float32Array.from(target.values), [rows, 1]);
    const columns = features.map((column, i) =>
      summaryOf(column, missing[i]!, column.categories ? "category" : "number")
    );
    const last = summaryOf(target, missing.at(-1)!, isClass ? "class" : "number");
    this.summary = new TableSummary(rows, skipped, [...columns, { ...last, isTarget: true }]);
  }

  /** The number of rows. */
  get length(): number {
    return this.features.shape[0]!;
  }

  /** Returns row `index`. */
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

  /** Returns the rows `indices` as one batch. */
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

function summaryOf(
  { name, values, categories }: Column,
  missing: number,
  kind: ColumnSummary["kind"],
): ColumnSummary {
  let min = NaN, max = NaN;
  if (categories === null) {
    for (const value of values) {
      if (!(value >= min)) min = Number.isNaN(value) ? min : value;
      if (!(value <= max)) max = Number.isNaN(value) ? max : value;
    }
  }
  return { name, kind, isTarget: false, missing, categories, min, max };
}
