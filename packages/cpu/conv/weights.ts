/** Weights as panels. */
import { NUMBER_TYPES } from "../gemm/number_type.ts";
import { packer, packRows, type Rows, stepVectors } from "../gemm/panels.ts";
import { panelVectors, type RowTiles, type TileBlock, tileBlocks } from "../gemm/tiles.ts";
import type { Address, Argument } from "../plan/address.ts";
import type { Planner } from "../plan/planner.ts";
import { type Call, call, repeated, type Task } from "../threads/task.ts";
import type { ModuleBuilder } from "../targets/wasm/assembler.ts";

const TYPE = NUMBER_TYPES.float32;

/** Bytes of weights that stay in the second-level cache while the pixels of a sample go by. */
const BLOCK_BYTES = 256 * 1024;

/** A part of the panels of weights. */
export interface WeightBlock extends TileBlock {
  /** From the first panel, in bytes. */
  readonly offset: number;
}

/** Cuts panels of `steps` steps into blocks that stay in cache. */
export function weightBlocks(tiles: RowTiles, steps: number): WeightBlock[] {
  const tileBytes = 16 * steps * panelVectors(TYPE, tiles.rows);
  return tileBlocks(tiles, Math.max(1, Math.floor(BLOCK_BYTES / tileBytes)))
    .map((block) => ({ ...block, offset: block.before * tileBytes }));
}

/** Returns the address of the panels of a matrix of weights, valid after `items` have run. */
export function packWeights(
  planner: Planner,
  items: Task<Argument>[number][],
  tiles: RowTiles,
  weights: Rows,
): Address {
  const panels = planner.scratch(16 * weights.steps * stepVectors(TYPE, tiles));
  const calls: Call<Argument>[] = [];
  packRows(calls, packer(planner, TYPE), TYPE, tiles, weights, panels);
  items.push(...calls);
  return panels;
}

/** Returns the address of panels for tiles of any number of rows, valid after `items` have run. */
export function packWideWeights(
  planner: Planner,
  items: Task<Argument>[number][],
  tiles: RowTiles,
  { pointer, row, column, steps }: Rows,
): Address {
  const panels = planner.scratch(16 * steps * stepVectors(TYPE, tiles)), pack = packer(planner, TYPE);
  const { rows, full, last } = tiles, vectors = panelVectors(TYPE, rows);
  const tile = (i: number, count: number): Call<Argument>[] => [call(
    pack,
    panels.plus(16 * steps * vectors * i),
    panelVectors(TYPE, count),
    pointer.plus(i * rows * row),
    row,
    column,
    count,
    steps,
  )];
  if (full > 0) items.push(repeated({ start: 0, size: full }, (i) => tile(i, rows)));
  if (last > 0) items.push(...tile(full, last));
  return panels;
}

/** The same of a matrix whose rows are the taps `order`, 4 bytes apart from one to the next. */
export function packTaps(
  planner: Planner,
  calls: Call<Argument>[],
  { rows, full, last }: RowTiles,
  pointer: Address,
  order: readonly number[],
  stepBytes: number,
  steps: number,
): Address {
  const { pack } = planner.instance("conv/taps", emitPackTaps);
  const lanes: number[] = [], widths: number[] = [];
  for (let first = 0; first < order.length;) {
    const taps = order.slice(first, first + (widths.length < full ? rows : last));
    first += taps.length;
    const width = panelVectors(TYPE, taps.length) * TYPE.lanes;
    // Lanes beyond the last tap repeat it.
    for (let lane = 0; lane < width; lane++) lanes.push(4 * taps[Math.min(lane, taps.length - 1)]!);
    widths.push(width);
  }
  const table = planner.constants(lanes), panels = planner.scratch(4 * lanes.length * steps);
  let lane = 0;
  for (const width of widths) {
    calls.push(
      call(pack!, panels.plus(4 * lane * steps), pointer, table.plus(4 * lane), width, stepBytes, steps),
    );
    lane += width;
  }
  return panels;
}

/** Parameters: to, from, offsets of the lanes, lanes, bytes between steps, steps. */
function emitPackTaps(module: ModuleBuilder): void {
  const code = module.function({ params: Array.from({ length: 6 }, () => "i32"), export: "pack" });
  const [to, from, table, lanes, stepBytes, steps] = [0, 1, 2, 3, 4, 5] as const;
  const left = code.local("i32"), lane = code.local("i32");
  code.repeat(steps, () => {
    code.get(lanes).set(left).get(table).set(lane);
    code.repeat(left, () => {
      code.get(to).get(from).get(lane).memory("i32.load").op("i32.add").memory("f32.load").memory(
        "f32.store",
      );
      code.increase(to, 4).increase(lane, 4);
    });
    code.advance(from, stepBytes);
  });
}
