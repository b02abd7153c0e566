/** What a native BLAS is faster at, and with how many threads. */
import type { Geometry } from "../conv/geometry.ts";
import type { Extents } from "../gemm/gemm.ts";

/** Below, the call is what costs: 8x8x8 takes 0.35 µs, and 0.85 µs in WebAssembly, while 4x4x4 takes the same. */
const LEAST = 512;
/** From here on libraries pack the larger matrix, which few rows or columns do not pay for. */
const PACKED = 1e6, FEW = 8;
/** Some 100 µs on one thread: to wake another, and to wait for it, pays from here on. */
const SPLIT = 1e7;

/** Nanoseconds that a product takes on one thread. */
export function nativeDuration({ m, n, k }: Extents): number {
  return m * n * k / 50;
}

/** Whether to hand it a product. */
export function worthBlas({ m, n, k }: Extents): boolean {
  const work = m * n * k;
  return work >= LEAST && (work < PACKED || Math.min(m, n) > FEW);
}

/** Whether its threads should share in the product. */
export function worthThreads({ m, n, k }: Extents): boolean {
  return m * n * k >= SPLIT;
}

/** A convolution, or which of its gradients. */
export type Convolution = "forward" | "input" | "weight";

/**
 * Whether to make patches and hand them over. On one thread that takes 0.3 to 0.9 of the time of the kernels in
 * WebAssembly, but for the gradient of few weights of several channels. Products for single samples are seldom
 * worth the library's threads, while the kernels share all samples: only many filters make up for that.
 */
export function worthConvolution(kind: Convolution, shapes: Geometry, threads: number): boolean {
  const { samples, groups, channels, filters, outHeight, outWidth, window } = shapes;
  const extents = { m: filters, n: outHeight * outWidth, k: channels * window.size[0] * window.size[1] };
  if (samples * groups === 0 || !worthBlas(extents)) return false;
  if (threads === 1) return kind !== "weight" || filters > 16 || channels <= 2;
  return (threads === 2 && filters >= 64) || worthThreads(extents);
}
