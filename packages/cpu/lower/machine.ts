/** The vector machine of core, with what only this backend has: pairs of float64, and the host. */
import type { ComputeType, ScalarFunction } from "@troodon/core";
import type { lower } from "@troodon/core/kernel";

/** See {@linkcode lower.Value}. */
export type Value = lower.Value;

/** Instructions of core, and those between float32, int32 and pairs of float64. */
export type MachineOp =
  | lower.MachineOp
  | "widenLow" // two of four float32 as float64
  | "widenHigh"
  | "narrow" // and back
  | "intWidenLow" // the same of int32
  | "intWidenHigh"
  | "intNarrow" // the integers modulo 2^32
  | "mulLowPairs" // products of unsigned int32 lanes 0 and 1 as two int64
  | "mulHighPairs" // of lanes 2 and 3
  | "evenWords" // words 0 and 2 of both operands
  | "oddWords";

/** A machine of this backend. */
export interface Machine extends lower.Machine {
  /** What its lanes are. */
  readonly compute: ComputeType;
  /** The same machine on pairs of float64. */
  readonly wide: Machine;
  emit(op: MachineOp, ...operands: Value[]): Value;
  /** Calls `fn` on the host, lane by lane. */
  host(fn: ScalarFunction, args: readonly Value[]): Value;
}
