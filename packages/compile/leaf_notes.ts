/** What a recording knows of leaves and their gradients. */
import type { TensorBase } from "@troodon/core/kernel";
import { type GradAtEntry, keyOf } from "./trace.ts";

/** A leaf, and what the call has done with its gradient so far. */
export interface LeafNotes {
  /** The gradient at the beginning. */
  readonly entry: GradAtEntry | null;
  /** Whether the call depends on there being one at the beginning. */
  depends: boolean;
  /** Whether the call has given it a gradient, or none. */
  given: boolean;
}

/** What is known of a gradient that was there before the call. */
export function entryOf(grad: TensorBase | null): GradAtEntry | null {
  if (grad === null || grad.isDisposed) return null;
  const { storage, version, shape, strides, offset, dtype } = grad;
  return { key: keyOf(storage), storage, version, shape, strides, offset, dtype };
}
