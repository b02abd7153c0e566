/** Products of matrices by a native BLAS, where their layouts allow. */
import type { Extents, Matrix } from "../gemm/gemm.ts";
import { NUMBER_TYPES, type NumberType } from "../gemm/number_type.ts";
import type { KernelContext } from "../kernel.ts";
import { type Call, call, pieces } from "../threads/task.ts";
import type { ModuleBuilder } from "../wasm/assembler.ts";
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
  readonly #blas: Blas;
  readonly #name: "float32" | "float64";
  readonly #extents: Extents;
  readonly #left: Order;
  readonly #right: Order;
  readonly #stride: number;
  readonly #context: KernelContext;

  private constructor(
    context: KernelContext,
    blas: Blas,
    name: "float32" | "float64",
    extents: Extents,
    left: Order,
    right: Order,
    stride: number,
  ) {
    this.#context = context;
    this.#blas = blas;
    this.#name = name;
    this.#extents = extents;
    this.#left = left;
    this.#right = right;
    this.#stride = stride;
  }

  /** Prepares products of matrices that lie as `a`, `b` and `c` do, or null if BLAS cannot take them. */
  static plan(
    context: KernelContext,
    blas: Blas,
    name: NumberType["name"],
    extents: Extents,
    a: Matrix,
    b: Matrix,
    c: Matrix,
  ): BlasGemm | null {
    if (name === "int32") return null;
    const { m, n, k } = extents, { bytes } = NUMBER_TYPES[name];
    const left = orderOf(a, m, k, bytes), right = orderOf(b, k, n, bytes), result = orderOf(c, m, n, bytes);
    if (!left || !right || !result || result.transposed) return null;
    return new BlasGemm(context, blas, name, extents, left, right, result.stride);
  }

  /** As `Gemm.run`. */
  run(a: Matrix, b: Matrix, c: Matrix, addend?: Matrix): void {
    const { m, n } = this.#extents, nanoseconds = nativeDuration(this.#extents);
    // One for each thread, as each packs anew what they share.
    const parts = this.#blas.divides ? Math.min(this.#blas.threads, this.#context.parts(nanoseconds)) : 1;
    if (parts < 2) return this.#whole(a, b, c, addend);
    // Rows where they are not far fewer: of columns each thread would fetch what lies next to its own, which others write.
    const tasks = 2 * m >= n
      ? pieces(m, parts, UNIT).map(({ start, size }) => this.#calls(a, b, c, addend, start, size, 0, n))
      : pieces(n, parts, UNIT).map(({ start, size }) => this.#calls(a, b, c, addend, 0, m, start, size));
    this.#context.run(tasks, nanoseconds);
  }

  /** As `Gemm.record`: products that threads do whole. */
  record(calls: Call[], a: Matrix, b: Matrix, c: Matrix, addend?: Matrix): void {
    calls.push(...this.#calls(a, b, c, addend, 0, this.#extents.m, 0, this.#extents.n));
  }

  /** The product on this thread. */
  #whole(a: Matrix, b: Matrix, c: Matrix, addend?: Matrix): void {
    const { m, n } = this.#extents;
    if (addend) {
      for (const { fn, args } of this.#calls(a, b, c, addend, 0, m, 0, n)) fn(...args);
      return;
    }
    const left = { pointer: a.pointer, transposed: this.#left.transposed, stride: this.#left.stride };
    const right = { pointer: b.pointer, transposed: this.#right.transposed, stride: this.#right.stride };
    const result = { pointer: c.pointer, stride: this.#stride };
    this.#blas.multiply(this.#name, this.#extents, left, right, result, 0);
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
  ): Call[] {
    const { bytes } = NUMBER_TYPES[this.#name],
      pointer = c.pointer + row * c.row + column * bytes,
      calls: Call[] = [];
    const from = addend && addend.pointer + row * addend.row + column * bytes;
    if (from !== undefined && !(from === pointer && addend!.row === c.row)) {
      // Sums begin with what is where they will be.
      const { seed } = this.#context.instance("blas/seed", emitSeed);
      calls.push(call(seed!, from, addend!.row, pointer, c.row, rows, columns * bytes));
    }
    const left = { pointer: a.pointer + row * a.row, ...this.#left };
    const right = { pointer: b.pointer + column * b.column, ...this.#right };
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
