/** A native BLAS on the memory of the backend. */
import type { CpuMemory } from "../memory.ts";
import type { Extents } from "../gemm/gemm.ts";
import type { Library, NativeGemm } from "./library.ts";
import { worthThreads } from "./worth.ts";

/** Rows lie one after the other. */
const ROW_MAJOR = 101;
/** As it lies, and transposed. */
const PLAIN = 111, TRANSPOSED = 112;

/** A dense matrix, or the transpose of one. */
export interface Operand {
  readonly pointer: number;
  readonly transposed: boolean;
  /** Elements between rows, or between columns of a transposed one. */
  readonly stride: number;
}

/** Products in one memory by one library. */
export class Blas {
  /** What the library is. */
  readonly name: string;
  /** How many threads a large product may take. */
  threads = 1;
  readonly #library: Library;
  readonly #base: bigint;

  /** `library` on `memory`, which does not move: as a shared one its maximum is reserved at once. */
  constructor(library: Library, { memory }: CpuMemory) {
    this.name = library.name;
    this.#library = library;
    this.#base = BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(new Uint8Array(memory.buffer))));
  }

  /** c = a b, or c += a b with `beta` 1; `stride` is that of the rows of c, in elements. */
  multiply(
    type: "float32" | "float64",
    extents: Extents,
    a: Operand,
    b: Operand,
    c: { readonly pointer: number; readonly stride: number },
    beta: 0 | 1,
  ): void {
    this.#library.useThreads(worthThreads(extents) ? this.threads : 1);
    const { m, n, k } = extents;
    const gemm: NativeGemm = this.#library.gemm[type], base = this.#base;
    gemm(
      ROW_MAJOR,
      a.transposed ? TRANSPOSED : PLAIN,
      b.transposed ? TRANSPOSED : PLAIN,
      m,
      n,
      k,
      1,
      base + BigInt(a.pointer),
      a.stride,
      base + BigInt(b.pointer),
      b.stride,
      beta,
      base + BigInt(c.pointer),
      c.stride,
    );
  }
}
