import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { requireFile, runtimeFiles } from "@troodon/io";
import { type Cell, type ParquetColumn, readParquet } from "../files/parquet.ts";
import {
  placeIn,
  readTable,
  TABLE_DATASET_OPTIONS,
  type TableColumns,
  type TableDatasetOptions,
} from "./read_table.ts";
import type { RawColumn } from "./table_columns.ts";
import { TableDataset } from "./table_dataset.ts";

/** Options of {@linkcode ParquetDataset.open}. */
export type ParquetDatasetOptions = TableDatasetOptions;
const PARQUET_DATASET_OPTIONS: OptionKeys<ParquetDatasetOptions> = TABLE_DATASET_OPTIONS;

/** The text of a cell; null and NaN are missing. */
function textOf(cell: Cell): string | null {
  return cell === null || Number.isNaN(cell) ? null : String(cell);
}

function rawColumn({ name, cells }: ParquetColumn): RawColumn {
  const isText = cells.some((cell) => typeof cell === "string");
  const numberOf = (text: string): number => text === "true" ? 1 : text === "false" ? 0 : Number(text);
  return { name, texts: cells.map(textOf), numberOf: isText ? null : numberOf };
}

/**
 * Rows of a Parquet file, all in memory: some columns as features, one as target, as in {@linkcode CsvDataset}.
 * Booleans are 0 and 1, texts are categories; null and NaN are missing. Columns that are not chosen are not read.
 * Uses `hyparquet`, which is imported on first use. Files may be compressed by Snappy or gzip.
 *
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { ParquetDataset } from "@troodon/datasets";
 *
 * await assertRejects(() => ParquetDataset.open("/nowhere.parquet", { target: "kind" }), Deno.errors.NotFound);
 * ```
 */
export class ParquetDataset extends TableDataset {
  private constructor(table: TableColumns) {
    super(table);
  }

  /**
   * Reads a file.
   *
   * @throws {Deno.errors.NotFound} If the file does not exist.
   * @throws {TypeError} If the file is damaged, has columns of other types than numbers, booleans and texts, or lacks
   * required cells.
   * @throws {RangeError} If there is no such column, category or class.
   */
  static async open(path: string, options: ParquetDatasetOptions = {}): Promise<ParquetDataset> {
    options = readOptions("ParquetDataset.open()", options, PARQUET_DATASET_OPTIONS);
    await requireFile(path);
    let names: readonly string[] = [];
    const columns = await readParquet(await runtimeFiles().read(path), path, (all) => {
      const place = placeIn(all, path), target = place(options.target ?? all.length - 1);
      const chosen = options.features?.map(place) ?? [...all.keys()].filter((i) => i !== target);
      names = all;
      return [...new Set([...chosen, target])];
    });
    if (columns[0]!.cells.length === 0) throw new TypeError(`Cannot read ${path}: it has no rows`);
    // Numbers of columns count those of the file.
    const nameOf = (column: string | number): string => typeof column === "number" ? names[column]! : column;
    const { target = names.length - 1, features, categorical, ...more } = options;
    return new ParquetDataset(readTable(columns.map(rawColumn), {
      ...more,
      target: nameOf(target),
      ...(features && { features: features.map(nameOf) }),
      ...(categorical && { categorical: categorical.map(nameOf) }),
    }, { file: path, advice: "" }));
  }
}
