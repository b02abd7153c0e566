/** Panels of the matrices of a product. */
import type { KernelContext, WasmFunction } from "../kernel.ts";
import type { NumberType } from "./number_type.ts";
import { emitPack } from "./pack.ts";
import { panelVectors, type RowTiles, TILE_VECTORS, tileColumns } from "./tiles.ts";

/** The function that packs panels; see `emitPack`. */
export function packer(context: Pick<KernelContext, "instance">, type: NumberType): WasmFunction {
  return context.instance(`gemm/pack/${type.name}`, (module) => void emitPack(module, type)).pack!;
}

/** Vectors of each step of all panels: those of full tiles, then that of the last, which may be wider. */
export function stepVectors(type: NumberType, { rows, full, last }: RowTiles): number {
  return full * panelVectors(type, rows) + panelVectors(type, last);
}

/** A matrix, and how many of its columns. */
export interface Rows {
  readonly pointer: number;
  /** Bytes between rows, and between columns. */
  readonly row: number;
  readonly column: number;
  readonly steps: number;
}

/** Packs the rows of all tiles to `to`. */
export function packRows(
  pack: WasmFunction,
  type: NumberType,
  { rows, full, last }: RowTiles,
  { pointer, row, column, steps }: Rows,
  to: number,
): void {
  const vectors = panelVectors(type, rows), done = full * rows;
  if (full > 0) pack(to, vectors, pointer, row, column, done, steps);
  const rest = to + 16 * steps * full * vectors;
  if (last > 0) pack(rest, panelVectors(type, last), pointer + done * row, row, column, last, steps);
}

/** Packs columns of the right matrix, whose elements are as far apart as `b` says, to `to`: full tiles, then the last, which may be narrower. */
export function packColumns(
  pack: WasmFunction,
  type: NumberType,
  pointer: number,
  b: Pick<Rows, "row" | "column">,
  columns: number,
  steps: number,
  to: number,
): void {
  const { lanes, bytes } = type, rest = columns % tileColumns(type);
  const narrow = rest > 0 && rest <= lanes, wide = narrow ? columns - rest : columns;
  if (wide > 0) pack(to, TILE_VECTORS, pointer, b.column, b.row, wide, steps);
  if (narrow) pack(to + wide * steps * bytes, 1, pointer + wide * b.column, b.column, b.row, rest, steps);
}
