/** Resampling. */
import { isFloating } from "../../dtype.ts";
import { tidySync } from "../../scope.ts";
import { showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { accumulated } from "../base/accumulated.ts";
import { adaptiveAvgPool1d, adaptiveAvgPool2d, adaptiveAvgPool3d } from "../window/adaptive_pool.ts";
import { resampled, smoothed, tapsOf } from "./resample_axis.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

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
  /** Whether the centers of the corner elements lie on each other, rather than the corners of the whole; false by default. */
  readonly alignCorners?: boolean;
  /** Whether the scale is taken from the extents, as if they had been given by `size`; false by default. */
  readonly recomputeScaleFactor?: boolean;
  /** Whether all elements that a smaller result covers have a share in it, for "bilinear" and "bicubic"; false by default. */
  readonly antialias?: boolean;
}
const INTERPOLATE_OPTIONS: OptionKeys<InterpolateOptions> = {
  size: true,
  scaleFactor: true,
  mode: true,
  alignCorners: true,
  recomputeScaleFactor: true,
  antialias: true,
};

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

/** Extents of the result, and the ratio of each axis unless corners are aligned. */
function sizesOf(
  x: Tensor,
  { size, scaleFactor, recomputeScaleFactor = false }: InterpolateOptions,
): { size: number[]; ratio: number[] } {
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
  const exact = size !== undefined || recomputeScaleFactor;
  return { size: result, ratio: result.map((n, i) => exact ? extents[i]! / n : 1 / list[i]!) };
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
  checkCall("interpolate", arguments, "x.");
  options = readOptions("interpolate()", options, INTERPOLATE_OPTIONS);
  const { mode = "nearest", alignCorners = false, antialias = false } = options, axes = x.ndim - 2;
  if (!isFloating(x.dtype)) {
    throw new TypeError(
      `Cannot apply interpolate() as the input must be floating: current dtype is ${x.dtype}`,
    );
  }
  if (axes < 1 || axes > 3 || (AXES[mode] !== null && AXES[mode] !== axes) || x.numel() === 0) {
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
  if (antialias && mode !== "bilinear" && mode !== "bicubic") {
    throw new RangeError(
      `Cannot apply interpolate() as antialias needs mode "bilinear" or "bicubic": current mode is "${mode}"`,
    );
  }
  if (options.recomputeScaleFactor && options.size !== undefined) {
    throw new RangeError(
      "Cannot apply interpolate() as recomputeScaleFactor needs scaleFactor rather than size",
    );
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
  const resize = (x: Tensor) => {
    const y = size.reduce((part, count, i) => {
      const extent = x.shape[2 + i]!;
      if (count === extent && (alignCorners || ratio[i] === 1)) return part;
      const step = !alignCorners ? ratio[i]! : count > 1 ? (extent - 1) / (count - 1) : 0;
      if (antialias) return smoothed(part, 2 + i, mode === "bicubic", count, step);
      return resampled(part, 2 + i, tapsOf(mode, extent, count, step, alignCorners));
    }, x);
    return y === x ? x.clone() : y;
  };
  // Nearest elements are taken as they are.
  return mode.startsWith("nearest") ? tidySync(() => resize(x)) : accumulated([x], resize);
}
