/** Page module of `long/browser_long.ts`. */
import { type BrowserReport, tryKernels } from "./kernels.ts";

/** Tries every op, and special values with shader optimizations of comparisons. */
export const main = (): Promise<BrowserReport> => tryKernels({ all: true });
