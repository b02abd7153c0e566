/** Replacement for `wide_weigh.ts` in pages, which run no machine code. */
export {
  needsMachineCode as emitPackGradients,
  needsMachineCode as emitWideUnpanel,
  needsMachineCode as emitWideWeigh,
  needsMachineCode as VECTOR_FILTERS,
  needsMachineCode as wideTapsKey,
} from "../machine_code/needs_machine_code.ts";
