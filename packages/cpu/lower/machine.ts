/** The vector machine that scalar expressions are lowered to. */
import type { ScalarFunction } from "@troodon/core";

/** A computed vector, or a mask: all bits of a lane are set or none. */
export type Value = number;

/**
 * Instructions on the lanes of the kernel's compute type; those that begin with
 * "int" are on four int32. Vectors are bits: what a mask or a float is as an
 * integer costs nothing.
 */
export type MachineOp =
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "min"
  | "max"
  | "atLeast" // max with a bound that is a number, which is cheaper; NaN stays
  | "atMost"
  | "neg"
  | "abs"
  | "sqrt"
  | "floor"
  | "ceil"
  | "trunc"
  | "nearest"
  | "madd" // a * b + c, fused where the engine can
  | "nmadd" // c - a * b, likewise
  | "less"
  | "lessEqual"
  | "equal"
  | "notEqual"
  | "select" // (mask, yes, no)
  | "intAdd"
  | "intSub"
  | "intLessUnsigned"
  | "and"
  | "or"
  | "xor"
  | "not"
  | "intToFloat"
  | "floatToInt" // undefined where it does not fit
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

/** A machine for one compute type. Equal instructions give one value: common work is shared. */
export interface Machine {
  /** The same machine on pairs of float64. */
  readonly wide: Machine;
  /** A number of the compute type in all lanes. */
  constant(value: number): Value;
  /** An int32 in all lanes. */
  word(bits: number): Value;
  /** Computes one instruction. */
  emit(op: MachineOp, ...operands: Value[]): Value;
  /** Shifts int32 lanes: left if `by` is positive, else logically right. */
  shift(value: Value, by: number): Value;
  /** Calls `fn` on the host, lane by lane. */
  host(fn: ScalarFunction, args: readonly Value[]): Value;
  /** `value`, but what the host says `fn` is where `mask` is set: for lanes that are seldom met. */
  repair(mask: Value, value: Value, fn: ScalarFunction, args: readonly Value[]): Value;
}
