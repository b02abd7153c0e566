/** Products of matrices by a native BLAS, where their layouts allow. */
import type { Extents, Matrix } from "../gemm/gemm.ts";
import { NUMBER_TYPES, type NumberType } from "../gemm/number_type.ts";
import type { KernelContext } from "../kernel.ts";
import type { ModuleBuilder } from "../wasm/assembler.ts";
import type { Blas } from "./blas.ts";

/** How a matrix lies: see `Operand`. */
interface Order {
  readonly transposed: boolean;
  readonly stride: number;
}

/** Products of one type and shape, and of matrices that all lie as the first ones do. */
export class BlasGemm {
  readonly #blas: Blas;
  readonly #type: NumberType & { readonly name: "float32" | "float64" };
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
    [left, right, result]: readonly [Order, Order, Order],
  ) {
    this.#context = context;
    this.#blas = blas;
    this.#type = { ...NUMBER_TYPES[name], name };
    this.#extents = extents;
    this.#left = left;
    this.#right = right;
    this.#stride = result.stride;
  }

  /** Prepares products of matrices that lie as `a`, `b` and `c` do, or null if BLAS cannot take them. */
  static plan(
    context: KernelContext,
    blas: Blas,
    name: NumberType["name"],
    extents: Extents,
    [a, b, c]: readonly [Matrix, Matrix, Matrix],
  ): BlasGemm | null {
    if (name === "int32") return null;
    const { m, n, k } = extents, { bytes } = NUMBER_TYPES[name];
    const left = orderOf(a, m, k, bytes), right = orderOf(b, k, n, bytes), result = orderOf(c, m, n, bytes);
    if (!left || !right || !result || result.transposed) return null;
    return new BlasGemm(context, blas, name, extents, [left, right, result]);
  }

  /** As `Gemm.run`. */
  run(a: Matrix, b: Matrix, c: Matrix, addend?: Matrix): void {
    const same = addend?.pointer === c.pointer && addend.row === c.row;
    if (addend && !same) this.#seed(addend, c);
    const left = { pointer: a.pointer, ...this.#left }, right = { pointer: b.pointer, ...this.#right };
    const result = { pointer: c.pointer, stride: this.#stride };
    this.#blas.multiply(this.#type.name, this.#extents, left, right, result, addend ? 1 : 0);
  }

  /** Copies the addend to where the sums begin. */
  #seed(addend: Matrix, c: Matrix): void {
    const { m, n } = this.#extents, bytes = n * this.#type.bytes;
    this.#context.instance("blas/seed", emitSeed).seed!(
      addend.pointer,
      addend.row,
      c.pointer,
      c.row,
      m,
      bytes,
    );
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
