/** A native BLAS on the memory of the backend. */
import type { Extents } from "../gemm/matrix.ts";
import type { CpuMemory } from "../memory.ts";
import type { Address, Argument } from "../plan/address.ts";
import type { FunctionSource } from "../threads/crew.ts";
import { type Call, call } from "../threads/task.ts";
import type { WasmFunction } from "../targets/wasm/wasm_function.ts";
import type { Library } from "./library.ts";
import { baseOf } from "../machine_code/c_library.ts";
import { type LibrarySource, openProducts, PRODUCTS } from "./products.ts";
import { type BlasRule, blasRule } from "./worth.ts";

/** A dense matrix, or the transpose of one. */
export interface Operand {
  readonly pointer: Address;
  readonly transposed: boolean;
  /** Elements between rows, or between columns of a transposed one. */
  readonly stride: number;
}

/** Products in one memory by one library. */
export class Blas {
  /** What the library is. */
  readonly name: string;
  /** Rule that decides which operations go to the BLAS. */
  readonly rule: BlasRule;
  /** Where other threads find it. */
  readonly library: LibrarySource;
  /** How many threads may work on a large product. */
  threads = 1;
  readonly #library: Library;
  readonly #products: readonly WasmFunction[];

  /** `library` on `memory`, which does not move: as a shared one its maximum is reserved at once. */
  constructor(library: Library, { memory }: CpuMemory, rule: BlasRule = blasRule()) {
    this.name = library.name;
    this.rule = rule;
    this.#library = library;
    this.library = { path: library.path, base: baseOf(memory) };
    this.#products = openProducts(this.library);
  }

  /** Whether products are cut into calls for several threads; otherwise the library has threads that it keeps. */
  get divides(): boolean {
    return this.#library.obeys;
  }

  /**
   * The call of c = a b, or of c += a b with `beta` 1, which any thread may make, while others do as well; `stride` is
   * that of the rows of c, in elements.
   */
  call(
    type: "float32" | "float64",
    { m, n, k }: Extents,
    a: Operand,
    b: Operand,
    c: { readonly pointer: Address; readonly stride: number },
    beta: 0 | 1,
  ): Call<Argument> {
    this.#library.useThreads(1);
    const turned = (a.transposed ? 1 : 0) + (b.transposed ? 2 : 0);
    const gemm = this.#products[PRODUCTS.indexOf(type)]!;
    return call(gemm, turned, m, n, k, a.pointer, a.stride, b.pointer, b.stride, beta, c.pointer, c.stride);
  }

  /** Where other threads find a product. */
  source(fn: WasmFunction): FunctionSource | undefined {
    const index = this.#products.indexOf(fn);
    return index < 0 ? undefined : { bytes: null, index };
  }
}
