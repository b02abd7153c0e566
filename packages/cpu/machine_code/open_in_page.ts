/** Replacement for `open.ts` in pages, which run WebAssembly only. */
import type * as native from "./open.ts";

/** Returns no code, as pages cannot run any. */
export function openNative(choice: string = "auto"): native.OpenNative {
  if (choice === "off") return { code: null, why: "no native code as it is off" };
  if (choice === "auto") return { code: null, why: "native code needs Deno" };
  throw new TypeError(`Cannot use native code for "${choice}" as it needs Deno: a page runs WebAssembly`);
}
