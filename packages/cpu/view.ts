/** Views into the memory of this backend. */
import type { View } from "@troodon/core";
import { bytesOf } from "@troodon/core/kernel";
import type { CpuBuffer } from "./memory.ts";

/** A view into the memory of this backend. */
export type CpuView = View<CpuBuffer>;

/** Address of the first element of a view. */
export function addressOf({ buffer, offset, dtype }: CpuView): number {
  return offset === 0 ? buffer.pointer : buffer.pointer + offset * bytesOf(dtype);
}

/**
 * Checks that all elements of a view lie in its buffer, as machine code checks no bounds.
 *
 * @throws {RangeError} If an element lies outside.
 */
export function checkLayout({ buffer, offset, shape, strides, dtype }: CpuView): void {
  let low = offset, high = offset;
  for (let axis = 0; axis < shape.length; axis++) {
    const size = shape[axis]!, reach = (size - 1) * strides[axis]!;
    if (size === 0) return;
    if (reach < 0) low += reach;
    else high += reach;
  }
  if (low >= 0 && (high + 1) * bytesOf(dtype) <= buffer.bytes) return;
  throw new RangeError(
    `Cannot launch a kernel as its operands must lie in their buffers: a view of shape [${shape}] and strides ` +
      `[${strides}] reaches from element ${low} to ${high} of a buffer of ${buffer.bytes / bytesOf(dtype)}`,
  );
}
