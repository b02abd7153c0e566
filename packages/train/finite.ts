/** Numbers that training has lost. */
import type { NdArray } from "@troodon/datasets";

/** Returns true if no element is NaN or infinite. */
export function isFiniteArray({ data }: Pick<NdArray, "data">): boolean {
  return data.every(Number.isFinite);
}

/** The error that ends a run, after `step` steps, as something of it is NaN or infinite: `what` says which. */
export function divergence(step: number, what: string): RangeError {
  return new RangeError(`Cannot go on after step ${step} as ${what}: a smaller learning rate may help`);
}
