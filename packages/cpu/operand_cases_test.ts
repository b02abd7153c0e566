/** Operands of calls that are tried. */
import type { DType, KernelCall, Shape } from "@troodon/core";
import { rowMajor } from "@troodon/core/kernel";

/** An operand: its layout, and the element at each place of its memory. */
export interface OperandCase {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly strides: readonly number[];
  readonly value: (i: number) => number;
}

/** A call and its operands; outputs begin with their values. */
export interface FamilyCase {
  readonly call: KernelCall;
  readonly inputs: readonly OperandCase[];
  readonly outputs: readonly OperandCase[];
}

interface Options {
  readonly dtype?: DType;
  readonly strides?: readonly number[];
  readonly value?: (i: number) => number;
}

let phase = 0;

/** An operand of quarters between -4 and 4, different each time. */
export function of(
  shape: Shape,
  { dtype = "float32", strides = rowMajor(shape), value }: Options = {},
): OperandCase {
  const seed = ++phase;
  return { shape, dtype, strides, value: value ?? ((i) => ((i * 37 + seed * 11) % 33 - 16) / 4) };
}

/** Whole numbers from 0 to below `bound`. */
export const below = (bound: number, shape: Shape): OperandCase =>
  of(shape, { dtype: "int32", value: (i) => (i * 7 + 3) % bound });
