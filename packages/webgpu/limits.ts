/** What a GPU holds. */
import type { DType } from "@troodon/core";
import { wholeFours } from "./device/pool.ts";

/**
 * Bytes of the largest buffer, whatever the device allows. Shaders number elements, and threads of grids that are a
 * little larger, by u32: elements of one byte leave room for that below 2^32.
 */
const ADDRESSABLE = 2 ** 32 - 2 ** 24;

/** All but float64, which GPUs do not calculate in. */
export const DTYPES: readonly DType[] = ["float32", "float16", "bfloat16", "int32", "int64", "uint8", "bool"];

/** Bytes of the largest buffer of a device with these limits. */
export function bufferLimit({ maxBufferSize, maxStorageBufferBindingSize }: GPUSupportedLimits): number {
  return wholeFours(Math.min(maxBufferSize, maxStorageBufferBindingSize, ADDRESSABLE));
}
