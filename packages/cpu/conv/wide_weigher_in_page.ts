/** Replacement for `wide_weigher.ts` in pages, which run no machine code. */
export { needsMachineCode as WideWeigher } from "../machine_code/needs_machine_code.ts";
