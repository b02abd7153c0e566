/** Decides which operations a native BLAS does faster than the kernels of this backend. */
import type { Geometry } from "../conv/geometry.ts";
import type { Extents } from "../gemm/matrix.ts";

/** A rule that decides which operations go to a native BLAS. */
export interface BlasRule {
  /** Describes the rule and its measurement in one line. */
  readonly about: string;
  /** Returns true for products that are faster by BLAS. */
  product(extents: Extents): boolean;
  /** Returns true for convolutions, and gradients of them, that are faster by BLAS. */
  convolution(geometry: Geometry): boolean;
}

/** Below, the call is what costs: 8x8x8 takes 0.35 µs, and 0.85 µs in WebAssembly, while 4x4x4 takes the same. */
const LEAST = 512;
/** Size from which libraries pack the larger matrix, which does not pay with few rows or columns. */
const PACKED = 1e6, FEW = 8;
/** Smallest numbers of multiplications for a BLAS: of one product, as with one channel per group, and of all. */
const [LEAST_PRODUCT, LEAST_CONVOLUTION] = [2048, 1e5] as const;
/**
 * Smallest number of terms of a product, which is a row of the window in all channels. With 5, as in images of one
 * channel, a library takes 1.1 to 2.9 times as long as WebAssembly, with 30 from 0.7 to 1.2 times, with 80 and more 0.4
 * to 0.7.
 */
const LEAST_TERMS = 32;

/** The rule beside WebAssembly kernels. */
const BESIDE_WEBASSEMBLY: BlasRule = {
  about:
    "products from 8x8x8 on, which take 0.4 to 0.5 of WebAssembly's time there, and convolutions with 32 terms a " +
    "row of the window, which take 0.4 to 0.7 (bench:kernels --device wasm@1,blas@1)",
  product({ m, n, k }) {
    const work = m * n * k;
    return work >= LEAST && (work < PACKED || Math.min(m, n) > FEW);
  },
  // Sums of products with strips.
  convolution({ samples, groups, channels, filters, outHeight, outWidth, window: { size: [kh, kw] } }) {
    const product = filters * channels * kw * outHeight * outWidth;
    return channels * kw >= LEAST_TERMS && product >= LEAST_PRODUCT &&
      product * kh * samples * groups >= LEAST_CONVOLUTION;
  },
};

/**
 * Reason for no BLAS beside machine code. OpenBLAS 0.3.21 took 1.06 to 3.7 times as long for products of up to
 * 64x512x128, in turns on one thread (`bench:kernels --device native@1,blas@1 --filter matmul --quick`).
 */
export const NO_BLAS = "no native BLAS as machine code takes less time";

/** Returns the rule for a native BLAS beside WebAssembly. */
export function blasRule(): BlasRule {
  return BESIDE_WEBASSEMBLY;
}

/** Nanoseconds that a product takes on one thread. */
export function nativeDuration({ m, n, k }: Extents): number {
  return m * n * k / 50;
}
