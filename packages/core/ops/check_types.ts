/** What products have in common. */
import type { DType } from "../dtype.ts";

/** Refuses operands of different types, and bool. */
export function checkTypes(op: string, ...dtypes: readonly DType[]): void {
  if (dtypes.some((d) => d !== dtypes[0]) || dtypes[0] === "bool") {
    throw new TypeError(
      `Cannot apply ${op}() as dtypes must be equal, and not bool: current dtypes are ${
        dtypes.join(" and ")
      }`,
    );
  }
}
