/** Replacement for `wide_correlate.ts` in pages, which run no machine code. */
export { needsMachineCode as emitWideCorrelate } from "../machine_code/needs_machine_code.ts";
