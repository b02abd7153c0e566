/** Host arithmetic for kernel bodies: on JavaScript numbers, or on bigints for int64. */
import type { ComputeType } from "../dtype.ts";
import { FLOAT64, INT32, type ScalarFunction, toInt32 } from "./functions.ts";
import { INT64, toInt64 } from "./int64.ts";

/** Values in a row, which can be written. */
export interface Values<T> {
  /** The number of values. */
  readonly length: number;
  /** The value at a place. */
  [index: number]: T;
}

/** How values of one kind are calculated with. */
export interface Arithmetic<T extends number | bigint> {
  /** The type of the calculation. */
  readonly compute: ComputeType;
  /** The implementation of each scalar function on host values. */
  readonly functions: Readonly<Record<ScalarFunction, (...args: T[]) => T>>;
  /** The value that is nearest to a number of the call. */
  of(value: number): T;
  /** So many zeros. */
  zeros(length: number): Values<T>;
  /** An array of `length` elements, all equal to `value`. */
  filled(length: number, value: T): Values<T>;
}

// Typed arrays take longer to make than a few numbers to calculate.
const FEW = 8;

function zeros(length: number): number[] {
  const numbers: number[] = [];
  for (let i = 0; i < length; i++) numbers.push(0);
  return numbers;
}

const numbers = (
  compute: Exclude<ComputeType, "int64">,
  functions: Arithmetic<number>["functions"],
  of: (value: number) => number,
): Arithmetic<number> => ({
  compute,
  functions,
  of,
  zeros: (length) => length < FEW ? zeros(length) : new Float64Array(length),
  filled: (length, value) => new Float64Array(length).fill(value),
});

const same = (value: number): number => value;

/** Arithmetic of numbers. Float32 is calculated in float64, so that this is the yardstick of kernels; int32 wraps around. */
export const NUMBERS: Readonly<Record<Exclude<ComputeType, "int64">, Arithmetic<number>>> = {
  float32: numbers("float32", FLOAT64, same),
  float64: numbers("float64", FLOAT64, same),
  int32: numbers("int32", INT32, toInt32),
};

/** Arithmetic of int64, in bigints. */
export const BIGINTS: Arithmetic<bigint> = {
  compute: "int64",
  functions: INT64,
  of: toInt64,
  zeros: (length) => new Array<bigint>(length).fill(0n),
  filled: (length, value) => new Array<bigint>(length).fill(value),
};

/** Runs `use` with the arithmetic of a compute type. */
export function withArithmetic<R>(
  compute: ComputeType,
  use: <T extends number | bigint>(arithmetic: Arithmetic<T>) => R,
): R {
  return compute === "int64" ? use(BIGINTS) : use(NUMBERS[compute]);
}
