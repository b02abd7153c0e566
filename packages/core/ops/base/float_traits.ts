/** Numeric limits of a floating dtype, as `torch.finfo`. */
import type { DType } from "../../dtype.ts";

/** The grid of numbers of a floating type. */
export interface FloatTraits {
  /** Largest finite number of the dtype. */
  readonly largest: number;
  /** Smallest positive number of the dtype, subnormal ones included. */
  readonly smallest: number;
  /** Half of the distance from 1 to the next number. */
  readonly unit: number;
}

const TRAITS: Readonly<Partial<Record<DType, FloatTraits>>> = {
  float16: { largest: 65504, smallest: 2 ** -24, unit: 2 ** -11 },
  bfloat16: { largest: 2 ** 128 - 2 ** 120, smallest: 2 ** -133, unit: 2 ** -8 },
  float32: { largest: 2 ** 128 - 2 ** 104, smallest: 2 ** -149, unit: 2 ** -24 },
  float64: { largest: Number.MAX_VALUE, smallest: Number.MIN_VALUE, unit: 2 ** -53 },
};

/** The numbers that `dtype`, a floating type, has. */
export function floatTraits(dtype: DType): FloatTraits {
  const found = TRAITS[dtype];
  if (found === undefined) {
    throw new TypeError(
      `Cannot tell the grid of numbers as the dtype must be floating: current dtype is ${dtype}`,
    );
  }
  return found;
}
