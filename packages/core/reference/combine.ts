/** How two values become one, in plain arithmetic. */
import { COMBINATIONS, type CombineOp, identityOf } from "../backend/combine.ts";
import type { Arithmetic } from "../expr/arithmetic.ts";

/** Combines the result so far with the next value. */
export interface Combiner<T> {
  /** The result of no values. */
  readonly identity: T;
  readonly combine: (a: T, b: T) => T;
}

/** How `op` combines values; sums and products of integers wrap. */
export function combiner<T extends number | bigint>(
  op: CombineOp,
  { compute, functions, of }: Arithmetic<T>,
): Combiner<T> {
  return { identity: of(identityOf(op, compute)), combine: functions[COMBINATIONS[op].fn] };
}
