/** Products of matrices by a native BLAS, where their layouts allow. */
import type { Extents, Matrix } from "../gemm/matrix.ts";
import { NUMBER_TYPES, type NumberType } from "../gemm/number_type.ts";
import type { Argument } from "../plan/address.ts";
import type { Planner } from "../plan/planner.ts";
import { type Call, call, pieces, type Task } from "../threads/task.ts";
import type { ModuleBuilder } from "../targets/wasm/assembler.ts";
import type { Blas } from "./blas.ts";
import { nativeDuration } from "./worth.ts";

/** How a matrix lies: see `Operand`. */
interface Order {
  readonly transposed: boolean;
  readonly stride: number;
}

/** Rows or columns of a task are multiples of this. */
const UNIT = 8;

/** Products of one type and shape, and of matrices that all lie as the first ones do. */
export class BlasGemm {
  readonly #planner: Planner;
  readonly #blas: Blas;
  readonly #name: "float32" | "float64";
  readonly #extents: Extents;
  readonly #left: Order;
  readonly #right: Order;
  readonly #stride: number;

  private constructor(
    planner: Planner,
    blas: Blas,
    name: "float32" | "float64",
    extents: Extents,
    left: Order,
    right: Order,
    stride: number,
  ) {
    this.#planner = planner;
    this.#blas = blas;
    this.#name = name;
    this.#extents = extents;
    this.#left = left;
    this.#right = right;
    this.#stride = stride;
  }

  /** Prepares products of matrices that lie as `a`, `b` and `c` do, or null if BLAS cannot take them. */
  static plan(
    planner: Planner,
    blas: Blas,
    name: NumberType["name"],
    extents: Extents,
    a: Matrix,
    b: Matrix,
    c: Matrix,
  ): BlasGemm | null {
    if (name === "int32" || name === "int64") return null;
    const { m, n, k } = extents, { bytes } = NUMBER_TYPES[name];
    const left = orderOf(a, m, k, bytes), right = orderOf(b, k, n, bytes), result = orderOf(c, m, n, bytes);
    if (!left || !right || !result || result.transposed) return null;
    return new BlasGemm(planner, blas, name, extents, left, right, result.stride);
  }

  /** Nanoseconds that a product takes on one thread. */
  get nanoseconds(): number {
    return nativeDuration(this.#extents);
  }

  /** Plans a product that is divided among threads; see `Gemm.divided`. */
  divided(a: Matrix, b: Matrix, c: Matrix, addend?: Matrix): Task<Argument>[] | null {
    const { m, n } = this.#extents, planner = this.#planner;
    // One for each thread, as each packs anew what they share.
    const parts = this.#blas.divides ? Math.min(this.#blas.threads, planner.parts(this.nanoseconds)) : 1;
    if (parts < 2) return null;
    // Rows where they are not far fewer: of columns each thread would fetch what lies next to its own, which others write.
    return 2 * m >= n
      ? pieces(m, parts, UNIT).map(({ start, size }) => this.#calls(a, b, c, addend, start, size, 0, n))
      : pieces(n, parts, UNIT).map(({ start, size }) => this.#calls(a, b, c, addend, 0, m, start, size));
  }

  /** Plans a product that runs as one task; see `Gemm.whole`. */
  whole(a: Matrix, b: Matrix, c: Matrix, addend?: Matrix): Call<Argument>[] {
    return this.#calls(a, b, c, addend, 0, this.#extents.m, 0, this.#extents.n);
  }

  /** The calls for some rows and columns of the result. */
  #calls(
    a: Matrix,
    b: Matrix,
    c: Matrix,
    addend: Matrix | undefined,
    row: number,
    rows: number,
    column: number,
    columns: number,
  ): Call<Argument>[] {
    const { bytes } = NUMBER_TYPES[this.#name], calls: Call<Argument>[] = [];
    const pointer = c.pointer.plus(row * c.row + column * bytes);
    if (addend) {
      // Sums begin with what is where they will be.
      const from = addend.pointer.plus(row * addend.row + column * bytes);
      const { seed } = this.#planner.instance("blas/seed", emitSeed);
      calls.push(call(seed!, from, addend.row, pointer, c.row, rows, columns * bytes));
    }
    const left = { pointer: a.pointer.plus(row * a.row), ...this.#left };
    const right = { pointer: b.pointer.plus(column * b.column), ...this.#right };
    const extents = { m: rows, n: columns, k: this.#extents.k }, result = { pointer, stride: this.#stride };
    calls.push(this.#blas.call(this.#name, extents, left, right, result, addend ? 1 : 0));
    return calls;
  }
}

/** How a matrix lies, or null if neither its rows nor its columns are dense and apart. */
function orderOf(
  { row, column }: Pick<Matrix, "row" | "column">,
  rows: number,
  columns: number,
  bytes: number,
): Order | null {
  if (column === bytes || columns === 1) {
    if (rows === 1) return { transposed: false, stride: columns };
    if (row >= columns * bytes) return { transposed: false, stride: row / bytes };
  }
  if (row === bytes || rows === 1) {
    if (columns === 1) return { transposed: true, stride: rows };
    if (column >= rows * bytes) return { transposed: true, stride: column / bytes };
  }
  return null;
}

/** "seed" copies rows. Parameters: from, bytes between its rows, to, bytes between its rows, rows, bytes of one. */
function emitSeed(module: ModuleBuilder): void {
  const code = module.function({ params: ["i32", "i32", "i32", "i32", "i32", "i32"], export: "seed" });
  const [from, fromBytes, to, toBytes, rows, bytes] = [0, 1, 2, 3, 4, 5] as const;
  const at = code.local("i32");
  code.repeat(rows, () => {
    code.i32(0).set(at);
    code.countTo(at, bytes, 16, () => {
      code.get(to).get(at).op("i32.add").get(from).get(at).op("i32.add");
      code.memory("v128.load", 0, 2).memory("v128.store", 0, 2);
    });
    code.countTo(at, bytes, 4, () => {
      code.get(to).get(at).op("i32.add").get(from).get(at).op("i32.add").memory("f32.load").memory(
        "f32.store",
      );
    });
    code.advance(from, fromBytes).advance(to, toBytes);
  });
}
