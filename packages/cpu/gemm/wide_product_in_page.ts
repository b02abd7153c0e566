/** Replacement for `wide_product.ts` in pages, which run no machine code. */
export {
  needsMachineCode as productShape,
  needsMachineCode as wideColumns,
  needsMachineCode as wideProduct,
} from "../machine_code/needs_machine_code.ts";
