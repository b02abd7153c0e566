/** Element-wise reduction of messages. */
import type { CollectiveOp } from "@troodon/core";
import { typedView } from "@troodon/core/kernel";
import type { ReducedType } from "../on_host.ts";

type Combine = (a: number, b: number) => number;

/** Operations as PyTorch has them: NaN wins over any number. */
const COMBINE: Readonly<Record<Exclude<CollectiveOp, "mean">, Combine>> = {
  sum: (a, b) => a + b,
  prod: (a, b) => a * b,
  max: Math.max,
  min: Math.min,
};

const COMBINE_LONGS: Readonly<Record<Exclude<CollectiveOp, "mean">, (a: bigint, b: bigint) => bigint>> = {
  sum: (a, b) => a + b,
  prod: (a, b) => a * b,
  max: (a, b) => a > b ? a : b,
  min: (a, b) => a < b ? a : b,
};

/** Combines the elements in `to` with those in `from`, and stores the results in `to`. */
export function reduceInto(to: Uint8Array, from: Uint8Array, type: ReducedType, op: CollectiveOp): void {
  const kind = op === "mean" ? "sum" : op;
  if (type === "int64") {
    const a = typedView("int64", to) as BigInt64Array, b = typedView("int64", from) as BigInt64Array;
    for (let i = 0; i < a.length; i++) a[i] = COMBINE_LONGS[kind](a[i]!, b[i]!);
    return;
  }
  const a = typedView(type, to), b = typedView(type, from), combine = COMBINE[kind];
  // Products of int32 may exceed what a number holds exactly.
  if (type === "int32" && kind === "prod") {
    for (let i = 0; i < a.length; i++) {
      a[i] = Math.imul(a[i]!, b[i]!);
    }
  } else for (let i = 0; i < a.length; i++) a[i] = combine(a[i]!, b[i]!);
}
