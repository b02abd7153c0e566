/** Products of two matrices, of any strides. */
import type { KernelContext, WasmFunction } from "../kernel.ts";
import { type Call, call, pieces, recorded } from "../threads/task.ts";
import { blockOf, SPILL_BYTES } from "./macro.ts";
import { NUMBER_TYPES, type NumberType } from "./number_type.ts";
import { packColumns, packer, packRows } from "./panels.ts";
import { emitVector } from "./vector.ts";
import { rowTiles, TILE_VECTORS, tileColumns } from "./tiles.ts";

/** A matrix in memory: element (i, j) at `pointer + i * row + j * column`, all in bytes. */
export interface Matrix {
  readonly pointer: number;
  readonly row: number;
  readonly column: number;
}

/** The extents of a product: [m, k] by [k, n]. */
export interface Extents {
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

/** Steps of a block: a panel of B of 8 columns then takes 10 KiB of the first-level cache. */
const STEPS = 320;
/** Rows of a block: its panels of A take 320 KiB of the second-level cache. */
const ROWS = 256;
/** With at most as many rows B is not packed, if its columns lie next to each other. */
const DIRECT = 8;
/** Columns of a block: its panels of B take 1.25 MiB. */
const COLUMNS = 1024;

/** Rows or columns of a part are multiples of this, which are whole tiles of any kind. */
const UNIT = 8;

/** Nanoseconds for an element of a matrix that is multiplied by one row. */
const VECTOR = 0.1;
/** Columns that it takes together: cut at them, all sums stay what they are. */
const STRIP = 32;

/** Nanoseconds that a product takes on one thread. */
export function duration({ m, n, k }: Extents): number {
  return m * n * k / 25;
}

/** `count` cut into equal blocks of at most `most`. */
export function blockSize(count: number, most: number): number {
  return Math.max(1, Math.ceil(count / Math.ceil(count / most)));
}

/**
 * Multiplies matrices of one type and shape, as often as needed. The packed
 * panels are reused from product to product.
 */
export class Gemm {
  readonly #context: KernelContext;
  readonly #type: NumberType;
  readonly #extents: Extents;
  readonly #steps: number;
  readonly #rows: number;
  readonly #columns: number;
  readonly #vector: Readonly<Record<string, WasmFunction>> | null;
  readonly #pack: WasmFunction;
  readonly #left: number;
  readonly #right: number;
  readonly #spill: number;

  /** Prepares products of the given extents, all at least 1. */
  constructor(context: KernelContext, name: NumberType["name"], extents: Extents) {
    const type = NUMBER_TYPES[name], { m, n, k } = extents;
    this.#context = context;
    this.#type = type;
    this.#extents = extents;
    this.#steps = blockSize(k, STEPS);
    this.#rows = blockSize(m, ROWS);
    this.#columns = Math.ceil(blockSize(n, COLUMNS) / tileColumns(type)) * tileColumns(type);
    this.#vector = m === 1 ? context.instance(`gemm/vector/${name}`, (w) => emitVector(w, type)) : null;
    this.#pack = packer(context, type);
    this.#spill = context.scratch(SPILL_BYTES);
    // Panels for 5 rows have 8 lanes: at most 4 rows more than the matrix has.
    this.#left = context.scratch((this.#rows + 8) * this.#steps * type.bytes);
    this.#right = context.scratch((this.#columns + 8) * this.#steps * type.bytes);
  }

  /**
   * c = a b, or c = a b + addend, all rows of which may be one; c itself is a valid
   * addend. The columns of c and of the addend lie next to each other.
   */
  run(a: Matrix, b: Matrix, c: Matrix, addend?: Matrix): void {
    const extents = this.#extents;
    if (this.#vector && !addend && this.#runVector(a, b, c)) return;
    // One for each thread, as each packs anew what they share: what another has packed would come from its cache.
    const parts = Math.min(this.#context.threads.count, this.#context.parts(duration(extents)));
    if (parts > 1 && extents.m > DIRECT) this.#divide(a, b, c, addend, parts);
    else this.#run(a, b, c, addend, (fn) => fn);
  }

  /** Cuts the longer side of the result, its columns if none is longer, into parts that are products of their own. */
  #divide(a: Matrix, b: Matrix, c: Matrix, addend: Matrix | undefined, parts: number): void {
    const { m, n, k } = this.#extents, { bytes, name } = this.#type, byRows = m > n;
    const tasks = pieces(byRows ? m : n, parts, UNIT).map(({ start, size }) => {
      const [row, column, extents] = byRows ? [start, 0, { m: size, n, k }] : [0, start, { m, n: size, k }];
      const seed = addend &&
        { ...addend, pointer: addend.pointer + row * addend.row + column * addend.column };
      const calls: Call[] = [];
      new Gemm(this.#context, name, extents).record(
        calls,
        { ...a, pointer: a.pointer + row * a.row },
        { ...b, pointer: b.pointer + column * b.column },
        { ...c, pointer: c.pointer + row * c.row + column * bytes },
        seed,
      );
      return calls;
    });
    this.#context.run(tasks, duration(this.#extents));
  }

  /** Adds the calls that `run` would make here to `calls`. */
  record(calls: Call[], a: Matrix, b: Matrix, c: Matrix, addend?: Matrix): void {
    this.#run(a, b, c, addend, (fn) => recorded(calls, fn));
  }

  #run(
    a: Matrix,
    b: Matrix,
    c: Matrix,
    addend: Matrix | undefined,
    via: (fn: WasmFunction) => WasmFunction,
  ): void {
    const { m, n, k } = this.#extents, type = this.#type, pack = via(this.#pack);
    // Few rows use each panel of B too seldom to pay for packing it.
    const direct = m <= DIRECT && b.column === type.bytes;
    for (let column = 0; column < n; column += this.#columns) {
      const columns = Math.min(this.#columns, n - column);
      for (let step = 0; step < k; step += this.#steps) {
        const steps = Math.min(this.#steps, k - step);
        const right = b.pointer + column * b.column + step * b.row;
        if (!direct) packColumns(pack, type, right, b, columns, steps, this.#right);
        const seed = step === 0 ? addend : c;
        for (let row = 0; row < m; row += this.#rows) {
          const rows = Math.min(this.#rows, m - row), tiles = rowTiles(rows);
          const left = {
            pointer: a.pointer + row * a.row + step * a.column,
            row: a.row,
            column: a.column,
            steps,
          };
          packRows(pack, type, tiles, left, this.#left);
          via(blockOf(this.#context, type, tiles))(
            this.#left,
            direct ? right : this.#right,
            direct ? 16 * TILE_VECTORS : 16 * TILE_VECTORS * steps,
            direct ? b.row : 16 * TILE_VECTORS,
            direct ? b.row : 16,
            c.pointer + row * c.row + column * type.bytes,
            c.row,
            seed ? seed.pointer + row * seed.row + column * seed.column : 0,
            seed ? seed.row : 0,
            seed ? seed.column : 0,
            tiles.full,
            columns,
            steps,
            this.#spill,
          );
        }
      }
    }
  }

  /** One row by a matrix, which is then read but once: nothing to pack. */
  #runVector(a: Matrix, b: Matrix, c: Matrix): boolean {
    const { n, k } = this.#extents, { bytes } = this.#type, { combine, dots } = this.#vector!;
    const dense = b.column === bytes;
    if (!dense && !(b.row === bytes && a.column === bytes)) return false;
    const nanoseconds = n * k * VECTOR;
    const tasks = pieces(n, this.#context.parts(nanoseconds), STRIP).map(({ start, size }) => {
      const from = b.pointer + start * b.column, to = c.pointer + start * bytes;
      return [
        dense
          ? call(combine!, a.pointer, a.column, from, b.row, to, size, k)
          : call(dots!, a.pointer, from, b.column, to, size, k),
      ];
    });
    this.#context.run(tasks, nanoseconds);
    return true;
  }
}
