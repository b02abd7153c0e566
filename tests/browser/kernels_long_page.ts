/** What `long/browser_long.ts` runs in a page. */
import { type BrowserReport, tryKernels } from "./kernels.ts";

/** Tries every op, and special values where comparisons of them are what a compiler makes of them. */
export const main = (): Promise<BrowserReport> => tryKernels({ all: true });
