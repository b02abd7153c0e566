/** Checks of the matrix products of a native library. */
import type { WasmFunction } from "../targets/wasm/wasm_function.ts";
import { openProducts, PRODUCTS } from "./products.ts";

/** Rows, columns and terms of the products, and elements between rows: more than a row has. */
const M = 3, N = 5, K = 4, STRIDE = 7;
/** Offsets of the operands and the result, and the end of the memory, in elements. */
const A = 0, B = 64, C = 128, END = 192;

/**
 * Tries the library at `path` with small products, of which every layout has its own.
 *
 * @throws {RangeError} If one of them is wrong.
 */
export function tryProducts(path: string): void {
  const bytes = new Uint8Array(8 * END);
  const base = BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(bytes)));
  const fault = faultOf(openProducts({ path, base }), bytes.buffer);
  if (fault !== null) throw new RangeError(fault);
}

/** Describes the first wrong result of `products`, which are tried in `memory`; null if all are right. */
export function faultOf(products: readonly WasmFunction[], memory: ArrayBuffer): string | null {
  for (const [i, type] of PRODUCTS.entries()) {
    const numbers = type === "float32" ? new Float32Array(memory) : new Float64Array(memory);
    const bytes = numbers.BYTES_PER_ELEMENT;
    for (const turned of [0, 1, 2, 3]) {
      for (const beta of [0, 1]) {
        // Whole numbers: their sums are exact in any order.
        for (let at = 0; at < END; at++) numbers[at] = (at * 7) % 11 - 5;
        const expected = numbers.slice();
        for (let row = 0; row < M; row++) {
          for (let column = 0; column < N; column++) {
            const at = C + row * STRIDE + column;
            let sum = beta * expected[at]!;
            for (let k = 0; k < K; k++) {
              const a = turned & 1 ? k * STRIDE + row : row * STRIDE + k;
              const b = turned & 2 ? column * STRIDE + k : k * STRIDE + column;
              sum += expected[A + a]! * expected[B + b]!;
            }
            expected[at] = sum;
          }
        }
        products[i]!(turned, M, N, K, A * bytes, STRIDE, B * bytes, STRIDE, beta, C * bytes, STRIDE);
        const wrong = numbers.findIndex((value, at) => value !== expected[at]);
        if (wrong >= 0) {
          return `its products of ${type} are wrong: ${numbers[wrong]} in place of ${expected[wrong]}`;
        }
      }
    }
  }
  return null;
}
