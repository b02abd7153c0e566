/** Limits of GPUs: dtypes and buffer sizes. */
import type { DType } from "@troodon/core";
import { wholeFours } from "./device/pool.ts";

/**
 * Maximum buffer size in bytes, independent of the device. Shaders index elements and grid threads by u32, so buffers
 * of one-byte elements stay below 2^32 with room to round grids up.
 */
const ADDRESSABLE = 2 ** 32 - 2 ** 24;

/** All dtypes but float64, which GPUs do not support. */
export const DTYPES: readonly DType[] = ["float32", "float16", "bfloat16", "int32", "int64", "uint8", "bool"];

/** Maximum buffer size in bytes on a device with these limits. */
export function bufferLimit({ maxBufferSize, maxStorageBufferBindingSize }: GPUSupportedLimits): number {
  return wholeFours(Math.min(maxBufferSize, maxStorageBufferBindingSize, ADDRESSABLE));
}
