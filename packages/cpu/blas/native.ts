/** Native BLAS for kernels of this backend; pages use `native_in_page.ts`, as they cannot open libraries. */
import type { CpuMemory } from "../memory.ts";
import { Blas } from "./blas.ts";
import { findBlas } from "./find.ts";
import { blasRule } from "./worth.ts";

export { BlasGemm } from "./blas_gemm.ts";
export { preferBlas, preferBlasInputGrad, preferBlasWeightGrad } from "./convolution.ts";

/** Native BLAS on the memory of a backend, if there is one, and the reason in a few words. */
export interface OpenBlas {
  readonly blas: Blas | null;
  readonly why: string;
  /** Operations that go to the BLAS, and the measurement behind this rule; null if there is none. */
  readonly rule: string | null;
}

/**
 * Opens a BLAS library for work in `memory` that kernels are slower at; see {@linkcode findBlas}. Beside machine code, a
 * library is opened only where its path is given.
 */
export function openBlas(choice: string | undefined, memory: CpuMemory, native = false): OpenBlas {
  const { library, why } = findBlas(choice, native), rule = blasRule();
  if (library === null) return { blas: null, why, rule: null };
  return { blas: new Blas(library, memory, rule), why, rule: rule.about };
}
