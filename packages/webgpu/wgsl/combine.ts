/** The result of no values, in WGSL. */
import type { CombineOp, ComputeType } from "@troodon/core";
import { identityOf, toInt64 } from "@troodon/core/kernel";
import { bitsOfFloat, kindOf, literal, longLiteral } from "./types.ts";

/** What combining begins with. */
export function identityText(op: CombineOp, compute: ComputeType): string {
  const kind = kindOf(compute), value = identityOf(op, compute);
  if (kind === "l") return longLiteral(toInt64(value));
  // Compilers may leave out the addition of a zero that they know, and 0 + -0 is 0.
  if (kind === "f" && value === 0) return "zero()";
  return literal(kind, kind === "f" ? bitsOfFloat(value) : value, 1);
}
