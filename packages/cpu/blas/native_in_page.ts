/** What stands for `native.ts` in a page, which cannot open libraries: kernels in WebAssembly do all the work. */
import type { Conv2dCall, Conv2dInputGradCall, Conv2dWeightGradCall } from "@troodon/core";
import type { Kernel } from "../kernel.ts";
import type * as native from "./native.ts";

/** Opens no library: a page has none. */
export function openBlas(choice: string = "auto"): native.OpenBlas {
  if (choice === "off") return { blas: null, why: "no native BLAS as it is off" };
  if (choice === "auto") return { blas: null, why: "native BLAS needs Deno" };
  throw new TypeError(
    `Cannot use the BLAS library "${choice}" as it must be one with a C interface that is right: a page opens none`,
  );
}

/** Products of a native BLAS, of which there are none. */
export const BlasGemm: Pick<typeof native.BlasGemm, "plan"> = { plan: () => null };

/** Returns false: without a library no product is worth one. */
export function worthBlas(): boolean {
  return false;
}

/** Returns the kernel in WebAssembly. */
export function preferBlas(own: Kernel<Conv2dCall>): Kernel<Conv2dCall> {
  return own;
}

/** Returns the kernel in WebAssembly. */
export function preferBlasInputGrad(own: Kernel<Conv2dInputGradCall>): Kernel<Conv2dInputGradCall> {
  return own;
}

/** Returns the kernel in WebAssembly. */
export function preferBlasWeightGrad(own: Kernel<Conv2dWeightGradCall>): Kernel<Conv2dWeightGradCall> {
  return own;
}
