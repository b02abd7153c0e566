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
