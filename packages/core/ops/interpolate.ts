/** Resampling. */
import { isFloating } from "../dtype.ts";
import { tidySync } from "../scope.ts";
import { showShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { adaptiveAvgPool1d, adaptiveAvgPool2d, adaptiveAvgPool3d } from "./adaptive_pool.ts";
import { upload } from "./upload.ts";

/** How values between elements are found. */
export type InterpolationMode =
  | "nearest"
  | "nearest-exact"
  | "linear"
  | "bilinear"
  | "trilinear"
  | "bicubic"
  | "area";

/** Options of {@linkcode interpolate}: `size` or `scaleFactor`, one number for all axes or one for each. */
export interface InterpolateOptions {
  /** Extents of the result. */
  readonly size?: number | readonly number[];
  /** Extents of the result by those of the input. */
  readonly scaleFactor?: number | readonly number[];
  /** "nearest" by default. */
  readonly mode?: InterpolationMode;
  /** Whether the centres of the corner elements lie on each other, rather than the corners of the whole; false by default. */
  readonly alignCorners?: boolean;
}

/** Axes that a mode is for; null for any of 1 to 3. */
const AXES: Readonly<Record<InterpolationMode, number | null>> = {
  nearest: null,
  "nearest-exact": null,
  area: null,
  linear: 1,
  bilinear: 2,
  trilinear: 3,
  bicubic: 2,
};

/** Positions in an axis whose elements make up those of another one, and how much: an array of either for each. */
interface Taps {
  readonly positions: readonly Int32Array[];
  /** Null where there is one tap of weight 1. */
  readonly weights: readonly Float64Array[] | null;
}

// Weights of the four neighbours of a point t behind the second (Keys 1981, with a = -3/4 as OpenCV and PyTorch).
const SLOPE = -0.75;
const inner = (t: number): number => ((SLOPE + 2) * t - (SLOPE + 3)) * t * t + 1;
const outer = (t: number): number => ((SLOPE * t - 5 * SLOPE) * t + 8 * SLOPE) * t - 4 * SLOPE;
const cubic = (t: number): number[] => [outer(t + 1), inner(t), inner(1 - t), outer(2 - t)];

/**
 * The taps of an axis of `extent` elements stretched to `count`.
 *
 * @param ratio Elements of the input for each of the result.
 */
function tapsOf(
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
    const centre = corners ? ratio * i : ratio * (i + 0.5) - 0.5;
    const at = mode === "bicubic" ? centre : Math.max(centre, 0);
    const base = Math.floor(at), t = at - base;
    const shares = mode === "bicubic" ? cubic(t) : [1 - t, t];
    for (let k = 0; k < width; k++) {
      positions[k]![i] = clamped(base + first + k);
      weights[k]![i] = shares[k]!;
    }
  }
  return { positions, weights };
}

/** One axis stretched. */
function resampled(x: Tensor, axis: number, { positions, weights }: Taps): Tensor {
  const parts = positions.map((at, k) => {
    const taken = x.indexSelect(axis, upload(x, at, [at.length], "int32"));
    if (weights === null) return taken;
    const along = [at.length, ...x.shape.slice(axis + 1).map(() => 1)];
    return taken.mul(upload(x, weights[k]!, along, x.dtype));
  });
  return parts.reduce((a, b) => a.add(b));
}

/** Extents of the result, and the ratio of each axis unless corners are aligned. */
function sizesOf(x: Tensor, { size, scaleFactor }: InterpolateOptions): { size: number[]; ratio: number[] } {
  const axes = x.ndim - 2, extents = x.shape.slice(2), given = size ?? scaleFactor;
  const list = typeof given === "number" ? new Array<number>(axes).fill(given) : given ?? [];
  const result = size !== undefined ? [...list] : list.map((factor, i) => Math.floor(extents[i]! * factor));
  const fits = (size === undefined) !== (scaleFactor === undefined) && list.length === axes &&
    result.every((n) => Number.isInteger(n) && n > 0);
  if (!fits) {
    throw new RangeError(
      `Cannot apply interpolate() as either size or scaleFactor must be given, one number or one for each of ${axes} ` +
        `axes, and no extent be 0: current size is ${show(size)}, scaleFactor is ${show(scaleFactor)}`,
    );
  }
  return { size: result, ratio: result.map((n, i) => size !== undefined ? extents[i]! / n : 1 / list[i]!) };
}

const show = (value: number | readonly number[] | undefined): string =>
  value === undefined ? "none" : typeof value === "number" ? `${value}` : showShape(value);

/**
 * `x` resampled to other extents, axis by axis.
 *
 * @param x `[n, c, l]`, `[n, c, h, w]` or `[n, c, d, h, w]`; "linear" is for the first, "bilinear" and "bicubic" for
 * the second, "trilinear" for the third, the other modes for any.
 * @throws {RangeError} If the shape does not fit the mode, or neither or both of `size` and `scaleFactor` are given.
 * @throws {TypeError} If the dtype is not floating.
 *
 * @example Each element twice, and a line through two points
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, interpolate, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([[[1, 3]]], { device });
 * assertEquals(interpolate(x, { scaleFactor: 2 }).tolist(), [[[1, 1, 3, 3]]]);
 * assertEquals(interpolate(x, { size: 3, mode: "linear", alignCorners: true }).tolist(), [[[1, 2, 3]]]);
 * ```
 */
export function interpolate(x: Tensor, options: InterpolateOptions): Tensor {
  const { mode = "nearest", alignCorners = false } = options, axes = x.ndim - 2;
  if (!isFloating(x.dtype)) {
    throw new TypeError(
      `Cannot apply interpolate() as the input must be floating: current dtype is ${x.dtype}`,
    );
  }
  if (axes < 1 || axes > 3 || (AXES[mode] !== null && AXES[mode] !== axes) || x.numel === 0) {
    throw new RangeError(
      `Cannot apply interpolate() as mode "${mode}" needs ${
        AXES[mode] ?? "1 to 3"
      } axes behind [n, c], none of them ` +
        `empty: current shape is ${showShape(x.shape)}`,
    );
  }
  if (alignCorners && AXES[mode] === null) {
    throw new RangeError(`Cannot apply interpolate() as mode "${mode}" has no corners to align`);
  }
  const { size, ratio } = sizesOf(x, options);
  if (mode === "area") {
    const [a, b, c] = size as [number, number, number];
    return axes === 1
      ? adaptiveAvgPool1d(x, a)
      : axes === 2
      ? adaptiveAvgPool2d(x, [a, b])
      : adaptiveAvgPool3d(x, [a, b, c]);
  }
  return tidySync(() => {
    const y = size.reduce((part, count, i) => {
      const extent = x.shape[2 + i]!;
      if (count === extent && (alignCorners || ratio[i] === 1)) return part;
      const step = !alignCorners ? ratio[i]! : count > 1 ? (extent - 1) / (count - 1) : 0;
      return resampled(part, 2 + i, tapsOf(mode, extent, count, step, alignCorners));
    }, x);
    return y === x ? x.clone() : y;
  });
}
