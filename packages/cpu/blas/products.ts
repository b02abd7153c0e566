/** The products of a native library as functions that any thread may call. */
import type { WasmFunction } from "../targets/wasm/wasm_function.ts";

/** Where another thread finds the library, and the memory that it is to work on. */
export interface LibrarySource {
  readonly path: string;
  /** Address of the memory's first byte. */
  readonly base: bigint;
}

/** Which functions there are, in this order. */
export const PRODUCTS = ["float32", "float64"] as const;

/**
 * Opens the library for the calling thread, on which it then uses no threads of its own, and gives a function for
 * each of {@linkcode PRODUCTS}: c = a b, or c += a b with beta 1. Their parameters are: 1 if a is transposed, plus 2
 * if b is; m, n, k; a, elements between its rows; b, the same; beta; c, the same. Addresses are offsets in the
 * memory. They reach the library as bigints: a number costs more than a small product.
 *
 * It is sent to workers as text, so all that it uses is in it.
 */
export function openProducts({ path, base }: LibrarySource): WasmFunction[] {
  const counts = ["i32", "i32", "i32", "i32", "i32", "i32"] as const;
  const one = { parameters: ["i32"], result: "void", optional: true } as const;
  const { symbols } = Deno.dlopen(path, {
    cblas_sgemm: {
      parameters: [...counts, "f32", "usize", "i32", "usize", "i32", "f32", "usize", "i32"],
      result: "void",
    },
    cblas_dgemm: {
      parameters: [...counts, "f64", "usize", "i32", "usize", "i32", "f64", "usize", "i32"],
      result: "void",
    },
    openblas_set_num_threads: one,
    MKL_Set_Num_Threads: one,
  });
  // Where threads are those of OpenMP, their number is set for each thread that calls.
  symbols.openblas_set_num_threads?.(1);
  symbols.MKL_Set_Num_Threads?.(1);
  // Named one by one, as to take a list apart costs more than the call.
  const product = (gemm: typeof symbols.cblas_sgemm) =>
  (
    turned: number,
    m: number,
    n: number,
    k: number,
    a: number,
    strideA: number,
    b: number,
    strideB: number,
    beta: number,
    c: number,
    strideC: number,
  ): number => {
    const left = base + BigInt(a >>> 0), right = base + BigInt(b >>> 0), to = base + BigInt(c >>> 0);
    // Rows lie one after the other: 101. 112 is a transposed operand, 111 one as it lies.
    const turnedA = turned & 1 ? 112 : 111, turnedB = turned & 2 ? 112 : 111;
    gemm(101, turnedA, turnedB, m, n, k, 1, left, strideA, right, strideB, beta, to, strideC);
    return 0;
  };
  return [product(symbols.cblas_sgemm), product(symbols.cblas_dgemm)];
}
