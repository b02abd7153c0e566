/** What a native BLAS is faster at, and with how many threads. */
import type { Geometry } from "../conv/geometry.ts";
import type { Extents } from "../gemm/matrix.ts";

/** Below, the call is what costs: 8x8x8 takes 0.35 µs, and 0.85 µs in WebAssembly, while 4x4x4 takes the same. */
const LEAST = 512;
/** From here on libraries pack the larger matrix, which few rows or columns do not pay for. */
const PACKED = 1e6, FEW = 8;

/** Nanoseconds that a product takes on one thread. */
export function nativeDuration({ m, n, k }: Extents): number {
  return m * n * k / 50;
}

/** Whether to hand it a product. */
export function worthBlas({ m, n, k }: Extents): boolean {
  const work = m * n * k;
  return work >= LEAST && (work < PACKED || Math.min(m, n) > FEW);
}

/** Below, WebAssembly is faster: multiplications of one product, as with one channel a group, and of all. */
const [LEAST_PRODUCT, LEAST_CONVOLUTION] = [2048, 1e5] as const;

/** Whether products with strips are faster than the kernels in WebAssembly; they take 0.4 to 0.9 of the time. */
export function worthConvolution(
  { samples, groups, channels, filters, outHeight, outWidth, window: { size: [kh, kw] } }: Geometry,
): boolean {
  const product = filters * channels * kw * outHeight * outWidth;
  return product >= LEAST_PRODUCT && product * kh * samples * groups >= LEAST_CONVOLUTION;
}
