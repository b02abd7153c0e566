/** A native BLAS for the kernels of this backend; pages have `native_in_page.ts` instead, as they cannot open libraries. */
import type { CpuMemory } from "../memory.ts";
import { Blas } from "./blas.ts";
import { findBlas } from "./find.ts";

export { BlasGemm } from "./blas_gemm.ts";
export { preferBlas, preferBlasInputGrad, preferBlasWeightGrad } from "./convolution.ts";
export { worthBlas } from "./worth.ts";

/** A native BLAS on the memory of a backend, or none; and in a few words why. */
export interface OpenBlas {
  readonly blas: Blas | null;
  readonly why: string;
}

/** Opens a library for products in `memory`: see {@linkcode findBlas}. */
export function openBlas(choice: string | undefined, memory: CpuMemory): OpenBlas {
  const { library, why } = findBlas(choice);
  return { blas: library && new Blas(library, memory), why };
}
