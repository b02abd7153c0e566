/** How two values become one. */
import type { ReduceOp, ScanCall } from "../backend/kernel_call.ts";
import type { ComputeType } from "../dtype.ts";

/** Brings the result so far and the next value together. */
export interface Combiner {
  /** The result of nothing. */
  readonly identity: number;
  readonly combine: (a: number, b: number) => number;
}

// log(exp a + exp b), where the larger of two equal infinities is the result
function logaddexp(a: number, b: number): number {
  const larger = Math.max(a, b);
  if (!Number.isFinite(larger)) return larger;
  return larger + Math.log1p(Math.exp(Math.min(a, b) - larger));
}

const COMBINERS: Readonly<Record<ReduceOp | ScanCall["op"], Combiner>> = {
  sum: { identity: 0, combine: (a, b) => a + b },
  prod: { identity: 1, combine: (a, b) => a * b },
  max: { identity: -Infinity, combine: Math.max },
  min: { identity: Infinity, combine: Math.min },
  logaddexp: { identity: -Infinity, combine: logaddexp },
};

// int32 sums and products wrap.
const INTEGER_COMBINERS: typeof COMBINERS = {
  ...COMBINERS,
  sum: { identity: 0, combine: (a, b) => (a + b) | 0 },
  prod: { identity: 1, combine: Math.imul },
  max: { identity: -0x80000000, combine: Math.max },
  min: { identity: 0x7fffffff, combine: Math.min },
};

/** How `op` brings values of type `compute` together. */
export function combiner(op: keyof typeof COMBINERS, compute: ComputeType): Combiner {
  return (compute === "int32" ? INTEGER_COMBINERS : COMBINERS)[op];
}
