/** Products of two matrices, of any strides. */
import type { Address, Argument } from "../plan/address.ts";
import type { Planner } from "../plan/planner.ts";
import { type Call, call, type Piece, pieces, type Task } from "../threads/task.ts";
import { blockOf, SPILL_BYTES } from "./macro.ts";
import type { Extents, Matrix } from "./matrix.ts";
import { NUMBER_TYPES, type NumberType } from "./number_type.ts";
import { packColumns, packer, packRows } from "./panels.ts";
import { emitVector, STREAMS } from "./vector.ts";
import { rowTiles, TILE_VECTORS, tileColumns } from "./tiles.ts";
import { type PanelSpace, wideColumns, wideProduct } from "./wide_product.ts";
import { WIDE_ROWS } from "./wide_tile.ts";

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

/** From so many bytes on a matrix that is multiplied by one row is read as it lies, if it has so many columns. */
const [LARGE, LONG] = [2 ** 18, 256] as const;

/** Nanoseconds that a product takes on one thread. */
export function duration({ m, n, k }: Extents, wide: boolean): number {
  return m * n * k / (wide ? 45 : 25);
}

/** `count` cut into equal blocks of at most `most`. */
export function blockSize(count: number, most: number): number {
  return Math.max(1, Math.ceil(count / Math.ceil(count / most)));
}

/** Options of {@linkcode Gemm}. */
export interface GemmOptions {
  /** True for products in single calls (default: true if modules are built for vectors of 32 bytes). */
  readonly wide?: boolean;
}

/**
 * Plans products of matrices of one type and shape, as often as needed. The packed
 * panels are reused from product to product.
 */
export class Gemm {
  readonly #planner: Planner;
  readonly #type: NumberType;
  readonly #extents: Extents;
  readonly #steps: number;
  readonly #rows: number;
  readonly #columns: number;
  readonly #wide: boolean;
  readonly #space: PanelSpace = {};
  /** Products that this one is divided into, one after the other. */
  readonly #parts: Gemm[] = [];
  #left: Address | undefined;
  #right: Address | undefined;
  #spill: Address | undefined;

  /** Prepares products of the given extents, all at least 1. */
  constructor(planner: Planner, name: NumberType["name"], extents: Extents, { wide }: GemmOptions = {}) {
    const type = NUMBER_TYPES[name], { m, n, k } = extents;
    this.#planner = planner;
    this.#type = type;
    this.#extents = extents;
    this.#steps = blockSize(k, STEPS);
    this.#rows = blockSize(m, ROWS);
    this.#columns = Math.ceil(blockSize(n, COLUMNS) / tileColumns(type)) * tileColumns(type);
    // Multiplying int64 takes several instructions, whose intermediates have no place beside a larger tile.
    this.#wide = wide ?? (name !== "int64" && planner.vectorBytes === 32);
  }

  /** Nanoseconds that a product takes on one thread. */
  get nanoseconds(): number {
    return duration(this.#extents, this.#wide);
  }

  /**
   * Tasks that are together c = a b, or c = a b + addend, all rows of which may be one; c itself is a valid
   * addend. The columns of c and of the addend lie next to each other. Null if the product is best left whole.
   */
  divided(a: Matrix, b: Matrix, c: Matrix, addend?: Matrix): Task<Argument>[] | null {
    const { n, k, m } = this.#extents, planner = this.#planner;
    if (this.#vectorOf(a, b, c, addend) !== null) {
      const parts = planner.parts(n * k * VECTOR);
      return parts > 1 ? pieces(n, parts, STRIP).map((piece) => this.#vector(a, b, c, addend, piece)) : null;
    }
    // One for each thread, as each packs anew what they share: what another has packed would come from its cache.
    const parts = Math.min(planner.threads.count, planner.parts(this.nanoseconds));
    return parts > 1 && m > DIRECT ? this.#divide(a, b, c, addend, parts) : null;
  }

  /** Cuts the longer side of the result, its columns if none is longer, into parts that are products of their own. */
  #divide(
    a: Matrix,
    b: Matrix,
    c: Matrix,
    addend: Matrix | undefined,
    parts: number,
  ): Task<Argument>[] {
    const { m, n, k } = this.#extents, { bytes, name } = this.#type, byRows = m > n, wide = this.#wide;
    const unit = !wide ? UNIT : byRows ? WIDE_ROWS : wideColumns(this.#type);
    return pieces(byRows ? m : n, parts, unit).map(({ start, size }, i) => {
      const [row, column, extents] = byRows ? [start, 0, { m: size, n, k }] : [0, start, { m, n: size, k }];
      const part = this.#parts[i] ??= new Gemm(this.#planner, name, extents, { wide });
      return part.#tiled(
        { ...a, pointer: a.pointer.plus(row * a.row) },
        { ...b, pointer: b.pointer.plus(column * b.column) },
        { ...c, pointer: c.pointer.plus(row * c.row + column * bytes) },
        addend && { ...addend, pointer: addend.pointer.plus(row * addend.row + column * addend.column) },
      );
    });
  }

  /** The calls of a product on one thread. */
  whole(a: Matrix, b: Matrix, c: Matrix, addend?: Matrix): Call<Argument>[] {
    return this.#vectorOf(a, b, c, addend) !== null
      ? this.#vector(a, b, c, addend, { start: 0, size: this.#extents.n })
      : this.#tiled(a, b, c, addend);
  }

  #tiled(a: Matrix, b: Matrix, c: Matrix, addend?: Matrix): Call<Argument>[] {
    const extents = this.#extents, { m, n, k } = extents, type = this.#type, calls: Call<Argument>[] = [];
    if (this.#wide) {
      return [wideProduct(this.#planner, type, extents, this.#steps, this.#space, [a, b, c, addend])];
    }
    const pack = packer(this.#planner, type);
    const spill = this.#spill ??= this.#planner.scratch(SPILL_BYTES);
    // Panels for 5 rows have 8 lanes: at most 4 rows more than the matrix has.
    const left = this.#left ??= this.#planner.scratch((this.#rows + 8) * this.#steps * type.bytes);
    // Few rows use each panel of B too seldom to pay for packing it.
    const direct = m <= DIRECT && b.column === type.bytes;
    const panels = direct
      ? null
      : this.#right ??= this.#planner.scratch((this.#columns + 8) * this.#steps * type.bytes);
    for (let column = 0; column < n; column += this.#columns) {
      const columns = Math.min(this.#columns, n - column);
      for (let step = 0; step < k; step += this.#steps) {
        const steps = Math.min(this.#steps, k - step);
        const right = b.pointer.plus(column * b.column + step * b.row);
        if (panels) packColumns(calls, pack, type, right, b, columns, steps, panels);
        const seed = step === 0 ? addend : c;
        for (let row = 0; row < m; row += this.#rows) {
          const rows = Math.min(this.#rows, m - row), tiles = rowTiles(rows);
          const pointer = a.pointer.plus(row * a.row + step * a.column);
          packRows(calls, pack, type, tiles, { pointer, row: a.row, column: a.column, steps }, left);
          calls.push(call(
            blockOf(this.#planner, type, tiles),
            left,
            panels ?? right,
            direct ? 16 * TILE_VECTORS : 16 * TILE_VECTORS * steps,
            direct ? b.row : 16 * TILE_VECTORS,
            direct ? b.row : 16,
            c.pointer.plus(row * c.row + column * type.bytes),
            c.row,
            seed ? seed.pointer.plus(row * seed.row + column * seed.column) : 0,
            seed ? seed.row : 0,
            seed ? seed.column : 0,
            tiles.full,
            columns,
            steps,
            spill,
          ));
        }
      }
    }
    return calls;
  }

  /** How one row is multiplied by a matrix that is then read but once, with nothing to pack; null where it cannot be. */
  #vectorOf(a: Matrix, b: Matrix, c: Matrix, addend?: Matrix): "combine" | "dots" | null {
    const { bytes } = this.#type;
    // The result is there before the addend is added.
    if (
      this.#extents.m > 1 || addend && (addend.column !== bytes || addend.pointer.slot === c.pointer.slot)
    ) return null;
    return b.column === bytes ? "combine" : b.row === bytes && a.column === bytes ? "dots" : null;
  }

  /** Some columns of such a product. */
  #vector(
    a: Matrix,
    b: Matrix,
    c: Matrix,
    addend: Matrix | undefined,
    { start, size }: Piece,
  ): Call<Argument>[] {
    const { k } = this.#extents,
      type = this.#type,
      { bytes } = type,
      lanes = this.#planner.vectorBytes / bytes;
    const { combine, dots, stream, plus } = this.#planner.instance(
      `gemm/vector/${type.name}`,
      (w) => emitVector(w, type),
      { wide: true },
    );
    const from = b.pointer.plus(start * b.column),
      to = c.pointer.plus(start * bytes),
      calls: Call<Argument>[] = [];
    if (this.#vectorOf(a, b, c, addend) === "dots") {
      calls.push(call(dots!, a.pointer, from, b.column, to, size, k));
    } else if (size >= LONG && size * k * bytes >= LARGE && k > STREAMS) {
      const first = k % STREAMS || STREAMS, wide = size - size % lanes;
      calls.push(call(combine!, a.pointer, a.column, from, b.row, to, wide, first));
      const rest = [a.pointer.plus(first * a.column), a.column, from.plus(first * b.row), b.row] as const;
      calls.push(call(stream!, ...rest, to, wide, k - first));
      if (wide < size) {
        const [column, result] = [from.plus(wide * bytes), to.plus(wide * bytes)];
        calls.push(call(combine!, a.pointer, a.column, column, b.row, result, size - wide, k));
      }
    } else calls.push(call(combine!, a.pointer, a.column, from, b.row, to, size, k));
    if (addend) calls.push(call(plus!, to, addend.pointer.plus(start * bytes), size));
    return calls;
  }
}
