/** Page module of `browser_test.ts`. */
import { type BrowserReport, tryKernels } from "./kernels.ts";

/** Tries the ops that are not made of many others. */
export const main = (): Promise<BrowserReport> => tryKernels({ all: false });
