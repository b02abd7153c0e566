/** How two values become one, as expressions. */
import { type Body, body, expr as e, type ReduceOp, type ScanCall } from "@troodon/core";

/** How values are brought together. */
export type CombineOp = ReduceOp | ScanCall["op"];

const [A, B] = [e.input(0), e.input(1)];

/** The result of a and b. */
export const COMBINE: Readonly<Record<CombineOp, Body>> = {
  sum: body(e.add(A, B)),
  prod: body(e.mul(A, B)),
  max: body(e.max(A, B)),
  min: body(e.min(A, B)),
  logaddexp: body(e.logaddexp(A, B)),
};

/** The result of nothing, in WGSL. */
export function identityOf(op: CombineOp, kind: "f" | "i"): string {
  if (op === "sum") return kind === "f" ? "zero()" : "0i";
  if (op === "prod") return kind === "f" ? "1f" : "1i";
  const lowest = op !== "min";
  if (kind === "f") return lowest ? "-inf()" : "inf()";
  return lowest ? "bitcast<i32>(0x80000000u)" : "0x7fffffffi";
}
