/** How reductions and scans combine values: the one table that all backends read. */
import type { ComputeType } from "../dtype.ts";
import { type Body, body } from "../expr/body.ts";
import * as e from "../expr/expr.ts";
import type { ScalarFunction } from "../expr/functions.ts";
import type { ReduceOp, ScanCall } from "./kernel_call.ts";

/** A way to combine values, of reductions or of scans. */
export type CombineOp = ReduceOp | ScanCall["op"];

/** How two values become one. */
export interface Combination {
  /** The scalar function of the result so far and the next value. */
  readonly fn: Extract<ScalarFunction, "add" | "mul" | "max" | "min" | "logaddexp">;
  /** `fn` as an expression: the result so far is input 0, the next value input 1. */
  readonly body: Body;
  /** The result of no values; see {@linkcode identityOf} for integers. */
  readonly identity: number;
}

const combination = (fn: Combination["fn"], identity: number): Combination => ({
  fn,
  body: body(e[fn](e.input(0), e.input(1))),
  identity,
});

/** Of every way to combine values: its function, and the result of no values. */
export const COMBINATIONS: Readonly<Record<CombineOp, Combination>> = {
  sum: combination("add", 0),
  prod: combination("mul", 1),
  max: combination("max", -Infinity),
  min: combination("min", Infinity),
  logaddexp: combination("logaddexp", -Infinity),
};

/**
 * The result of no values in a compute type: for integers the bounds of the range stand for the infinities. The upper
 * bound of int64 is no number: 2^63 stands for it.
 */
export function identityOf(op: CombineOp, compute: ComputeType): number {
  const { identity } = COMBINATIONS[op];
  if (Number.isFinite(identity)) return identity;
  if (compute === "int64") return identity < 0 ? -(2 ** 63) : 2 ** 63;
  return compute !== "int32" ? identity : identity < 0 ? -0x80000000 : 0x7fffffff;
}
