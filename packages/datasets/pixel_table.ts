import { type Channels, Image } from "./image.ts";
import { NdArray } from "./nd_array.ts";
import type { Transform } from "./transforms/transform.ts";

/**
 * What a pointwise transform makes of each byte of each channel, `[channels, 256]`, by running it once on an
 * image of all bytes; null if it is not pointwise or does not give `float32`, channels first.
 */
export function pixelTable(transform: Transform<Image, unknown>, channels: Channels): Float32Array | null {
  if (transform.pointwise !== true) return null;
  const data = Uint8Array.from({ length: 256 * channels }, (_, i) => Math.floor(i / channels));
  const result = transform.apply(new Image(16, 16, channels, data));
  if (!(result instanceof NdArray) || !(result.data instanceof Float32Array)) return null;
  return result.shape.join() === `${channels},16,16` ? result.data : null;
}
