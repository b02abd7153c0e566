/** Replacement for `native.ts` in pages, which cannot open libraries: WebAssembly kernels do all the work. */
import type { Conv2dCall, Conv2dInputGradCall, Conv2dWeightGradCall } from "@troodon/core";
import type { Kernel } from "../kernel.ts";
import type * as native from "./native.ts";

/** Returns no library, as pages cannot open any. */
export function openBlas(choice: string = "auto"): native.OpenBlas {
  if (choice === "off") return { blas: null, why: "no native BLAS as it is off", rule: null };
  if (choice === "auto") return { blas: null, why: "native BLAS needs Deno", rule: null };
  throw new TypeError(
    `Cannot use the BLAS library "${choice}" as it must be one with a C interface that is right: a page opens none`,
  );
}

/** Plans no products, as there is no native BLAS. */
export const BlasGemm: Pick<typeof native.BlasGemm, "plan"> = { plan: () => null };

/** Returns the WebAssembly kernel. */
export function preferBlas(own: Kernel<Conv2dCall>): Kernel<Conv2dCall> {
  return own;
}

/** Returns the WebAssembly kernel. */
export function preferBlasInputGrad(own: Kernel<Conv2dInputGradCall>): Kernel<Conv2dInputGradCall> {
  return own;
}

/** Returns the WebAssembly kernel. */
export function preferBlasWeightGrad(own: Kernel<Conv2dWeightGradCall>): Kernel<Conv2dWeightGradCall> {
  return own;
}
