/** What products have in common. */
import type { DType } from "../../dtype.ts";

/** Refuses operands of different types, and bool. */
export function checkTypes(op: string, ...dtypes: readonly DType[]): void {
  let fits = dtypes[0] !== "bool";
  for (let i = 1; i < dtypes.length; i++) fits &&= dtypes[i] === dtypes[0];
  if (!fits) {
    throw new TypeError(
      `Cannot apply ${op}() as dtypes must be equal, and not bool: current dtypes are ${
        dtypes.join(" and ")
      }`,
    );
  }
}
