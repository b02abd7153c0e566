/** Replacement for `wide_scatter.ts` in pages, which run no machine code. */
export {
  needsMachineCode as cutScatter,
  needsMachineCode as emitWideScatter,
} from "../machine_code/needs_machine_code.ts";
