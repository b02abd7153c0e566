/** Panels of the matrices of a product. */
import type { KernelContext } from "../kernel.ts";
import type { Address, Argument } from "../plan/address.ts";
import { type Call, call } from "../threads/task.ts";
import type { WasmFunction } from "../targets/wasm/wasm_function.ts";
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
  readonly pointer: Address;
  /** Bytes between rows, and between columns. */
  readonly row: number;
  readonly column: number;
  readonly steps: number;
}

/** Adds to `calls` what packs the rows of all tiles to `to`. */
export function packRows(
  calls: Call<Argument>[],
  pack: WasmFunction,
  type: NumberType,
  { rows, full, last }: RowTiles,
  { pointer, row, column, steps }: Rows,
  to: Address,
): void {
  const vectors = panelVectors(type, rows), done = full * rows;
  if (full > 0) calls.push(call(pack, to, vectors, pointer, row, column, done, steps));
  if (last === 0) return;
  const rest = to.plus(16 * steps * full * vectors), from = pointer.plus(done * row);
  calls.push(call(pack, rest, panelVectors(type, last), from, row, column, last, steps));
}

/** Adds to `calls` what packs columns of the right matrix, whose elements are as far apart as `b` says, to `to`: full tiles, then the last, which may be narrower. */
export function packColumns(
  calls: Call<Argument>[],
  pack: WasmFunction,
  type: NumberType,
  pointer: Address,
  b: Pick<Rows, "row" | "column">,
  columns: number,
  steps: number,
  to: Address,
): void {
  const { lanes, bytes } = type, rest = columns % tileColumns(type);
  const narrow = rest > 0 && rest <= lanes, wide = narrow ? columns - rest : columns;
  if (wide > 0) calls.push(call(pack, to, TILE_VECTORS, pointer, b.column, b.row, wide, steps));
  if (!narrow) return;
  const end = to.plus(wide * steps * bytes), from = pointer.plus(wide * b.column);
  calls.push(call(pack, end, 1, from, b.column, b.row, rest, steps));
}
