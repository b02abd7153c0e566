/** Resampling along one axis, as a sparse matrix of element positions and weights. */
import type { Tensor } from "../../tensor.ts";
import type { InterpolationMode } from "./interpolate.ts";
import { upload } from "../base/upload.ts";

/** Positions in an axis whose elements make up those of another one, and how much: an array of either for each. */
export interface Taps {
  readonly positions: readonly Int32Array[];
  /** Null where there is one tap of weight 1. */
  readonly weights: readonly Float64Array[] | null;
}

// Weights of the four neighbors of a point t behind the second (Keys 1981, with a = -3/4 as OpenCV and PyTorch).
const SLOPE = -0.75;
const inner = (t: number): number => ((SLOPE + 2) * t - (SLOPE + 3)) * t * t + 1;
const outer = (t: number): number => ((SLOPE * t - 5 * SLOPE) * t + 8 * SLOPE) * t - 4 * SLOPE;
const cubic = (t: number): number[] => [outer(t + 1), inner(t), inner(1 - t), outer(2 - t)];

/**
 * The taps of an axis of `extent` elements stretched to `count`.
 *
 * @param ratio Elements of the input for each of the result.
 */
export function tapsOf(
  mode: InterpolationMode,
  extent: number,
  count: number,
  ratio: number,
  corners: boolean,
): Taps {
  const clamped = (at: number) => Math.min(Math.max(at, 0), extent - 1);
  if (mode === "nearest" || mode === "nearest-exact") {
    const shift = mode === "nearest" ? 0 : 0.5;
    const at = Int32Array.from({ length: count }, (_, i) => clamped(Math.floor((i + shift) * ratio)));
    return { positions: [at], weights: null };
  }
  const first = mode === "bicubic" ? -1 : 0, width = mode === "bicubic" ? 4 : 2;
  const make = <T>(f: () => T) => Array.from({ length: width }, f);
  const positions = make(() => new Int32Array(count)), weights = make(() => new Float64Array(count));
  for (let i = 0; i < count; i++) {
    const center = corners ? ratio * i : ratio * (i + 0.5) - 0.5;
    const at = mode === "bicubic" ? center : Math.max(center, 0);
    const base = Math.floor(at), t = at - base;
    const shares = mode === "bicubic" ? cubic(t) : [1 - t, t];
    for (let k = 0; k < width; k++) {
      positions[k]![i] = clamped(base + first + k);
      weights[k]![i] = shares[k]!;
    }
  }
  return { positions, weights };
}

/** `x` resampled along `axis`: the sum of elements at the positions of the taps, times their weights. */
export function resampled(x: Tensor, axis: number, { positions, weights }: Taps): Tensor {
  const parts = positions.map((at, k) => {
    const taken = x.indexSelect(axis, upload(x, at, [at.length], "int32"));
    if (weights === null) return taken;
    const along = [at.length, ...x.shape.slice(axis + 1).map(() => 1)];
    return taken.mul(upload(x, weights[k]!, along, x.dtype));
  });
  return parts.reduce((a, b) => a.add(b));
}

/** Weight of an element at a distance from the middle, by the elements that a line or a cubic reaches (Keys 1981, a = -1/2). */
const triangle = (t: number): number => Math.max(1 - Math.abs(t), 0);
const keys = (t: number): number => {
  const d = Math.abs(t);
  return d < 1 ? (1.5 * d - 2.5) * d * d + 1 : d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
};

/**
 * One axis brought to `count` elements by a filter that is as wide as they are apart, so that each element has a share:
 * antialiasing, as Pillow has it.
 *
 * @param ratio Elements of the input for each of the result.
 */
export function smoothed(x: Tensor, axis: number, cubic: boolean, count: number, ratio: number): Tensor {
  const extent = x.shape[axis]!, wide = Math.max(ratio, 1), filter = cubic ? keys : triangle;
  const reach = (cubic ? 2 : 1) * wide, weights = new Float64Array(extent * count);
  for (let i = 0; i < count; i++) {
    const center = ratio * (i + 0.5);
    const first = Math.max(Math.trunc(center - reach + 0.5), 0);
    const last = Math.min(Math.trunc(center + reach + 0.5), extent);
    let total = 0;
    for (let j = first; j < last; j++) {
      total += weights[j * count + i] = filter((j - center + 0.5) / wide);
    }
    for (let j = first; j < last && total !== 0; j++) {
      weights[j * count + i] = weights[j * count + i]! / total;
    }
  }
  const matrix = upload(x, weights, [extent, count], x.dtype);
  return x.transpose(axis, -1).matmul(matrix).transpose(axis, -1);
}
