/** The vector machine that scalar expressions are lowered to. */
import type { ScalarFunction } from "../expr/functions.ts";

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
  | "floatToInt"; // undefined where it does not fit

/** A machine for one compute type. Equal instructions give one value: common work is shared. */
export interface Machine {
  /** A number of the compute type in all lanes. */
  constant(value: number): Value;
  /** An int32 in all lanes. */
  word(bits: number): Value;
  /** Computes one instruction. */
  emit(op: MachineOp, ...operands: Value[]): Value;
  /** Shifts int32 lanes: left if `by` is positive, else logically right. */
  shift(value: Value, by: number): Value;
  /** A function that machines differ in: exact remainders and powers want more than the compute type. */
  own(fn: ScalarFunction, args: readonly Value[]): Value;
  /** `value`, but what `fn` is by a slower way where `mask` is set: for lanes that are seldom met. */
  repair(mask: Value, value: Value, fn: ScalarFunction, args: readonly Value[]): Value;
}
