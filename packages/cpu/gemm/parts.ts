/** Products that are cut into parts, for several threads. */
import type { KernelContext } from "../kernel.ts";
import { type Call, call, pieces, recorded, type Task } from "../threads/task.ts";
import type { Extents, Matrix } from "./gemm.ts";
import { blockOf, SPILL_BYTES } from "./macro.ts";
import type { NumberType } from "./number_type.ts";
import { packColumns, packer, packRows } from "./panels.ts";
import { rowTiles, TILE_VECTORS, tileColumns } from "./tiles.ts";

/** The matrices of a product; see `Gemm.run`. */
export interface Operands {
  readonly a: Matrix;
  readonly b: Matrix;
  readonly c: Matrix;
  readonly addend: Matrix | undefined;
}

/** Rows of the left panels that a call works through: 320 KiB of the second-level cache. */
const ROWS = 256;
/** Multiples of this are whole tiles of any kind. */
const ROW_UNIT = 8;
/** Most columns of a task: its right panels take 1.25 MiB. */
const COLUMNS = 1024;
/** Elements that are packed by one task. */
const PACKED = 16384;

/** Nanoseconds to pack an element. */
const PACK = 0.25;

/** Nanoseconds that a product takes on one thread. */
export function duration({ m, n, k }: Extents): number {
  return m * n * k / 24;
}

/**
 * Cuts the longer side of the result. What all parts share is packed first, and
 * then each part does all its steps: blocks of `most` of them, so that each
 * element is summed in the order in which one thread does.
 */
export function multiplyInParts(
  context: KernelContext,
  type: NumberType,
  extents: Extents,
  most: number,
  operands: Operands,
  parts: number,
): void {
  const shared = new SharedPanels(context, type, extents, most, operands);
  shared.pack();
  const { m, n } = extents;
  const cuts = shared.columns ? pieces(m, Math.max(parts, Math.ceil(m / ROWS)), ROW_UNIT) : pieces(
    n,
    Math.max(parts, Math.ceil(n / COLUMNS)),
    tileColumns(type),
  );
  context.run(cuts.map(({ start, size }) => shared.task(start, size)), duration(extents));
}

/** The panels of the matrix that all parts multiply with, block of steps after block. */
class SharedPanels {
  /** Whether they are columns of the right matrix, rather than rows of the left one. */
  readonly columns: boolean;
  readonly #context: KernelContext;
  readonly #type: NumberType;
  readonly #extents: Extents;
  readonly #most: number;
  readonly #operands: Operands;
  /** Lanes with room for those that panels have beyond the last. */
  readonly #lanes: number;
  readonly #panels: number;

  constructor(
    context: KernelContext,
    type: NumberType,
    extents: Extents,
    most: number,
    operands: Operands,
  ) {
    const { m, n, k } = extents;
    this.columns = m >= n;
    this.#context = context;
    this.#type = type;
    this.#extents = extents;
    this.#most = most;
    this.#operands = operands;
    const unit = this.columns ? tileColumns(type) : ROW_UNIT;
    this.#lanes = (Math.ceil((this.columns ? n : m) / unit) + 1) * unit;
    this.#panels = context.scratch(this.#lanes * k * type.bytes);
  }

  /** Fills them. */
  pack(): void {
    const { m, n, k } = this.#extents, { a, b } = this.#operands, type = this.#type;
    const pack = packer(this.#context, type), count = this.columns ? n : m;
    const unit = this.columns ? tileColumns(type) : ROWS, tasks: Task[] = [];
    for (const { start: step, size: steps } of this.#blocks()) {
      for (const { start, size } of pieces(count, Math.ceil(count * steps / PACKED), unit)) {
        const calls: Call[] = [], to = this.#at(step, steps, start);
        if (this.columns) {
          const from = b.pointer + step * b.row + start * b.column;
          packColumns(recorded(calls, pack), type, from, b, size, steps, to);
        } else {
          const pointer = a.pointer + step * a.column + start * a.row;
          for (const { start: row, size: rows } of pieces(size, Math.ceil(size / ROWS), ROWS)) {
            const left = { pointer: pointer + row * a.row, row: a.row, column: a.column, steps };
            packRows(recorded(calls, pack), type, rowTiles(rows), left, this.#at(step, steps, start + row));
          }
        }
        tasks.push(calls);
      }
    }
    this.#context.run(tasks, count * k * PACK);
  }

  /** Multiplies the rows or columns from `start` on. */
  task(start: number, size: number): Task {
    const { m, n } = this.#extents, { a, b, c, addend } = this.#operands, type = this.#type, { bytes } = type;
    const rows = this.columns ? { start, size } : { start: 0, size: m };
    const columns = this.columns ? { start: 0, size: n } : { start, size };
    const calls: Call[] = [], pack = recorded(calls, packer(this.#context, type));
    const own = this.#context.scratch((size + 2 * ROW_UNIT) * this.#most * bytes);
    const spill = this.#context.scratch(SPILL_BYTES);
    for (const { start: step, size: steps } of this.#blocks()) {
      if (!this.columns) {
        packColumns(pack, type, b.pointer + step * b.row + start * b.column, b, size, steps, own);
      }
      for (const { start: first, size: count } of pieces(rows.size, Math.ceil(rows.size / ROWS), ROWS)) {
        const row = rows.start + first, tiles = rowTiles(count);
        if (this.columns) {
          const pointer = a.pointer + row * a.row + step * a.column;
          packRows(pack, type, tiles, { pointer, row: a.row, column: a.column, steps }, own);
        }
        const seed = step === 0 ? addend : c;
        calls.push(call(
          blockOf(this.#context, type, tiles),
          this.columns ? own : this.#at(step, steps, row),
          this.columns ? this.#at(step, steps, 0) : own,
          16 * TILE_VECTORS * steps,
          16 * TILE_VECTORS,
          16,
          c.pointer + row * c.row + columns.start * bytes,
          c.row,
          seed ? seed.pointer + row * seed.row + columns.start * seed.column : 0,
          seed ? seed.row : 0,
          seed ? seed.column : 0,
          tiles.full,
          columns.size,
          steps,
          spill,
        ));
      }
    }
    return calls;
  }

  /** Blocks of steps. */
  #blocks(): { start: number; size: number }[] {
    return pieces(this.#extents.k, Math.ceil(this.#extents.k / this.#most));
  }

  /** Where the panels of a lane are, which is the first of a tile. */
  #at(step: number, steps: number, lane: number): number {
    return this.#panels + (this.#lanes * step + lane * steps) * this.#type.bytes;
  }
}
