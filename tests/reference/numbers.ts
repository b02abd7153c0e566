/** Pseudorandom numbers, equal to those of the programs that record reference cases. */
import type { Shape } from "@troodon/core";
import { sizeOf } from "@troodon/core/kernel";

/** Returns a number for each element of `shape`; they depend on `salt`. */
export function numbers(shape: Shape, salt: number, scale = 1): Float64Array {
  return Float64Array.from(
    { length: sizeOf(shape) },
    (_, i) => scale * Math.sin(salt + 0.7 * i + 0.013 * i * i),
  );
}
