/** Native BLAS for kernels of this backend; pages use `native_in_page.ts`, as they cannot open libraries. */
import type { CpuMemory } from "../memory.ts";
import { Blas } from "./blas.ts";
import { findBlas } from "./find.ts";

export { BlasGemm } from "./blas_gemm.ts";
export { preferBlas, preferBlasInputGrad, preferBlasWeightGrad } from "./convolution.ts";
export { worthBlas } from "./worth.ts";

/** Native BLAS on the memory of a backend, if there is one, and the reason in a few words. */
export interface OpenBlas {
  readonly blas: Blas | null;
  readonly why: string;
}

/** Opens a BLAS library for products in `memory`; see {@linkcode findBlas}. */
export function openBlas(choice: string | undefined, memory: CpuMemory): OpenBlas {
  const { library, why } = findBlas(choice);
  return { blas: library && new Blas(library, memory), why };
}
