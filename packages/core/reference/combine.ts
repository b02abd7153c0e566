/** How two values become one, in plain arithmetic. */
import { COMBINATIONS, type CombineOp, identityOf } from "../backend/combine.ts";
import type { ComputeType } from "../dtype.ts";
import { FLOAT64, INT32 } from "../expr/functions.ts";

/** Combines the result so far with the next value. */
export interface Combiner {
  /** The result of no values. */
  readonly identity: number;
  readonly combine: (a: number, b: number) => number;
}

/** How `op` combines values of type `compute`; int32 sums and products wrap. */
export function combiner(op: CombineOp, compute: ComputeType): Combiner {
  const combine = (compute === "int32" ? INT32 : FLOAT64)[COMBINATIONS[op].fn];
  return { identity: identityOf(op, compute), combine };
}
