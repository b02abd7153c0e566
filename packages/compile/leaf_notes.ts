/** Notes of a recording on leaves and their gradients. */
import type { TensorBase } from "@troodon/core/kernel";
import { type GradAtEntry, keyOf } from "./trace.ts";

/** Gradient of a leaf at the start of a recording, and its changes since. */
export interface LeafNotes {
  /** The gradient at the start of the call. */
  readonly entry: GradAtEntry | null;
  /** True if the call depends on the presence of a gradient at its start. */
  depends: boolean;
  /** True if the call has set or removed the gradient. */
  given: boolean;
}

/** Describes a gradient that existed before the call. */
export function entryOf(grad: TensorBase | null): GradAtEntry | null {
  if (grad === null || grad.isDisposed) return null;
  const { storage, version, shape, strides, offset, dtype } = grad;
  return { key: keyOf(storage), storage, version, shape, strides, offset, dtype };
}
