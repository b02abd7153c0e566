/** Reads Parquet files with the library hyparquet. */
import { inflateGzipSync } from "@troodon/io";

/** A value of a cell that can be a feature or a target. */
export type Cell = number | bigint | boolean | string | null;

/** A column of a Parquet file. */
export interface ParquetColumn {
  /** The name of the column. */
  readonly name: string;
  /** The values, row by row. */
  readonly cells: readonly Cell[];
}

/**
 * Reads the columns of a Parquet file, uncompressed or compressed by Snappy or gzip.
 *
 * @param choose Returns the indices of the columns to read, given all names.
 * @throws {TypeError} If the file is damaged, or compressed in another way, or a column has dates, lists or records.
 */
export async function readParquet(
  bytes: Uint8Array<ArrayBuffer>,
  name: string,
  choose: (names: readonly string[]) => readonly number[],
): Promise<ParquetColumn[]> {
  const { parquetMetadata, parquetReadObjects, parquetSchema } = await import("hyparquet/src/index.js");
  const { buffer, byteOffset, byteLength } = bytes;
  const file = byteLength === buffer.byteLength ? buffer : buffer.slice(byteOffset, byteOffset + byteLength);
  const metadata = attempted(name, () => parquetMetadata(file));
  const names = attempted(name, () => parquetSchema(metadata).children.map(({ element }) => element.name));
  const columns = choose(names).map((place) => names[place]!);
  const rows = Number(metadata.num_rows);
  // A row takes at least one bit, except in runs: a file of a few bytes cannot have millions of rows.
  if (!(rows >= 0 && rows <= 2 ** 20 + byteLength * 2 ** 13)) {
    throw new TypeError(`Cannot read ${name}: it cannot have ${rows} rows in ${byteLength} bytes`);
  }
  let table: Record<string, unknown>[];
  try {
    table = await parquetReadObjects({
      file,
      metadata,
      columns,
      compressors: { GZIP: (input, size) => inflateGzipSync(input, name, size) },
    });
  } catch (error) {
    throw damaged(name, error);
  }
  if (table.length !== rows) {
    throw new TypeError(`Cannot read ${name}: it must have ${rows} rows but has ${table.length}`);
  }
  return columns.map((column) => ({
    name: column,
    cells: table.map((row, i) =>
      cellOf(row[column], () => `row ${i + 1} of the column ${JSON.stringify(column)} of ${name}`)
    ),
  }));
}

function attempted<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw damaged(name, error);
  }
}

function damaged(name: string, error: unknown): TypeError {
  // An error of the engine tells where the library failed, not what is wrong with the file.
  const isSaid = error instanceof Error && (error.constructor === Error || error.message.includes(name));
  const reason = isSaid ? error.message.replace(`Cannot read ${name}: `, "") : "its contents are damaged";
  return new TypeError(`Cannot read ${name}: ${reason}`, { cause: error });
}

function cellOf(value: unknown, place: () => string): Cell {
  switch (typeof value) {
    case "number":
    case "bigint":
    case "boolean":
    case "string":
      return value;
    case "undefined":
      return null;
  }
  if (value === null) return null;
  const kind = value instanceof Date
    ? "date"
    : Array.isArray(value) || ArrayBuffer.isView(value)
    ? "list"
    : "record";
  throw new TypeError(`Cannot read ${place()} as it must be a number, a boolean or a text: it is a ${kind}`);
}
