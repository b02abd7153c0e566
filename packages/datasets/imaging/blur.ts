import { Image } from "../image.ts";
import { borderIndex, toByte } from "./common.ts";

/** Weights of `size` pixels, in float32 as torchvision has them. */
function gaussian(size: number, sigma: number): Float32Array {
  const half = (size - 1) / 2;
  const weights = Float32Array.from({ length: size }, (_, i) => Math.exp(-0.5 * ((i - half) / sigma) ** 2));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / sum);
}

/** Weighs `n` elements, `step` apart from `start` on, with their neighbors; beyond the ends they are mirrored. */
function blurLine(
  from: ArrayLike<number>,
  to: Float64Array,
  start: number,
  n: number,
  step: number,
  w: Float32Array,
): void {
  const half = w.length >> 1;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let k = 0; k < w.length; k++) {
      const at = i + k - half;
      sum += w[k]! * from[start + (at >= 0 && at < n ? at : borderIndex(at, n, "reflect")) * step]!;
    }
    to[start + i * step] = sum;
  }
}

/** Blurs a field of `[height, width, channels]` numbers. */
export function blurField(
  data: ArrayLike<number>,
  [height, width, channels]: readonly [number, number, number],
  [kx, ky]: readonly [number, number],
  [sx, sy]: readonly [number, number],
): Float64Array {
  if (![kx, ky].every((k) => Number.isInteger(k) && k > 0 && k % 2 === 1)) {
    throw new RangeError(
      `Cannot blur as kernel sizes must be odd positive integers: current sizes are ${kx} and ${ky}`,
    );
  }
  if (!(sx > 0) || !(sy > 0)) {
    throw new RangeError(`Cannot blur as sigmas must be positive: current sigmas are ${sx} and ${sy}`);
  }
  if (kx >> 1 >= width || ky >> 1 >= height) {
    throw new RangeError(
      `Cannot blur as half the kernel must be smaller than the image: current sizes are ${kx} and ${ky}, the ` +
        `image has ${width}x${height}`,
    );
  }
  const rows = new Float64Array(data.length), out = new Float64Array(data.length);
  const wx = gaussian(kx, sx), wy = gaussian(ky, sy);
  for (let y = 0; y < height; y++) {
    for (let c = 0; c < channels; c++) blurLine(data, rows, y * width * channels + c, width, channels, wx);
  }
  for (let x = 0; x < width * channels; x++) blurLine(rows, out, x, height, width * channels, wy);
  return out;
}

/**
 * Weighs every pixel with its neighbors by a Gaussian, mirrored at the borders: torchvision's `gaussian_blur`.
 *
 * @param image What to blur.
 * @param kernelSize Columns and rows that are weighed, odd.
 * @param sigma The deviation in both directions, or in each (default `0.15 kernelSize + 0.35`).
 * @throws {RangeError} If a size is even or too large for the image, or a deviation is not positive.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Image, imaging } from "@troodon/datasets";
 *
 * const image = new Image(3, 3, 1, new Uint8Array([0, 0, 0, 0, 255, 0, 0, 0, 0]));
 * assertEquals(imaging.gaussianBlur(image, 3, 1).data[4], 52);
 * ```
 */
export function gaussianBlur(
  image: Image,
  kernelSize: number | readonly [number, number],
  sigma?: number | readonly [number, number],
): Image {
  const { width, height, channels, data } = image;
  const sizes: readonly [number, number] = typeof kernelSize === "number"
    ? [kernelSize, kernelSize]
    : kernelSize;
  const given = typeof sigma === "number" ? [sigma, sigma] as const : sigma;
  const sigmas = given ?? [0.15 * sizes[0] + 0.35, 0.15 * sizes[1] + 0.35] as const;
  const blurred = blurField(data, [height, width, channels], sizes, sigmas);
  return new Image(width, height, channels, Uint8Array.from(blurred, toByte));
}
