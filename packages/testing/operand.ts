/** What ops are fed with: shapes, types and reproducible values. */
import type { DType, Generator } from "@troodon/core";
import { sizeOf } from "@troodon/core/kernel";

/** The type of an operand: "float" is whatever floating type is being tested. */
export type OperandType = "float" | DType;

/** A tensor to be: its values are drawn from the generator of its sample. */
export interface Operand {
  /** Its extents. */
  readonly shape: readonly number[];
  /** Its type. */
  readonly dtype: OperandType;
  /** The range of even numbers, from -2 to 2 where any number would do; other operands have none. */
  readonly range?: readonly [low: number, high: number];
  /** Its elements in row-major order. */
  draw(generator: Generator): Float64Array;
}

/** The operands of one call. */
export type Sample = readonly Operand[];

function drawn(
  shape: readonly number[],
  dtype: OperandType,
  next: (generator: Generator) => number,
): Operand {
  return { shape, dtype, draw: (g) => Float64Array.from({ length: sizeOf(shape) }, () => next(g)) };
}

/** Floating numbers, even in [low, high). */
export function uniform(shape: readonly number[], low = -2, high = 2): Operand {
  return { ...drawn(shape, "float", (g) => low + (high - low) * g.random()), range: [low, high] };
}

/** Floating numbers in random order that are at least `4 / n` apart: no ties for finite differences to cross. */
export function distinct(shape: readonly number[]): Operand {
  const n = sizeOf(shape);
  return {
    shape,
    dtype: "float",
    range: [-2, 2],
    draw: (g) => Float64Array.from(g.permutation(n), (at) => (4 * (at + 0.3)) / n - 2),
  };
}

/** Whole numbers in [low, high). */
export function integers(
  shape: readonly number[],
  low: number,
  high: number,
  dtype: OperandType = "int32",
): Operand {
  return drawn(shape, dtype, (g) => low + g.integer(high - low));
}

/** true and false. */
export function booleans(shape: readonly number[]): Operand {
  return drawn(shape, "bool", (g) => g.integer(2));
}

/** Numbers -1 and 1, floating. */
export function signs(shape: readonly number[]): Operand {
  return drawn(shape, "float", (g) => 2 * g.integer(2) - 1);
}

/** Exactly these numbers. */
export function given(
  values: readonly number[],
  shape: readonly number[] = [values.length],
  dtype: OperandType = "float",
): Operand {
  return { shape, dtype, draw: () => Float64Array.from(values) };
}

/** What elementwise functions meet at their edges. */
export const EDGES: Operand = given([
  NaN,
  Infinity,
  -Infinity,
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  2.5,
  -2.5,
  1e-6,
  30,
  -30,
]);
