/** How a result is cut into tiles. */
import type { NumberType } from "./number_type.ts";

/**
 * Rows of a full tile, where x64 has 16 vector registers: 4 by 8 float32 leave
 * room for the operands, 6 by 8 do not and run at half the speed. ARM has 32.
 */
let fullRows: 4 | 8 | undefined;

function tileRows(): 4 | 8 {
  if (fullRows !== undefined) return fullRows;
  const { process } = globalThis as { readonly process?: { readonly arch?: string } };
  const arch = typeof Deno === "undefined" ? process?.arch : Deno.build.arch;
  return fullRows = arch === "aarch64" || arch === "arm64" ? 8 : 4;
}

/** Vectors of a tile's rows. */
export const TILE_VECTORS = 2;

/** Rows of the tiles of a matrix: `full` of `rows` rows, then one of `last` unless that is 0. */
export interface RowTiles {
  readonly rows: number;
  readonly full: number;
  readonly last: number;
}

/** Cuts `m` rows. A last row alone joins the tile before it: 5 rows cost less than 4 and 1. */
export function rowTiles(m: number): RowTiles {
  const rows = tileRows();
  if (m <= rows + 1) return { rows, full: 0, last: m };
  const full = Math.floor(m / rows), last = m - full * rows;
  return last === 1 ? { rows, full: full - 1, last: rows + 1 } : { rows, full, last };
}

/** Columns of a full tile. */
export function tileColumns(type: NumberType): number {
  return TILE_VECTORS * type.lanes;
}

/** Vectors of a panel for tiles of `rows` rows. */
export function panelVectors(type: NumberType, rows: number): number {
  return Math.ceil(rows / type.lanes);
}

/** Some of the tiles of a matrix, and how many full ones come before. */
export interface TileBlock extends RowTiles {
  readonly before: number;
}

/** Cuts tiles into blocks of at most `most` full ones each, so that their panels stay in a cache. */
export function tileBlocks({ rows, full, last }: RowTiles, most: number): TileBlock[] {
  const blocks: TileBlock[] = [];
  for (let before = 0; before < full || before === 0; before += most) {
    const count = Math.min(most, full - before), final = before + count === full;
    blocks.push({ rows, full: count, last: final ? last : 0, before });
  }
  return blocks;
}
