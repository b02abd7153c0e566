import { readOptions } from "@troodon/core/kernel";
import type { Image } from "../image.ts";
import type { WarpOptions } from "./affine.ts";
import { checkFinite, fillOf } from "./common.ts";
import { warp } from "./sample.ts";
import { checkWarp, WARP_OPTIONS } from "./affine.ts";

/** The corners of a quadrilateral, `[x, y]` each: top left, top right, bottom right, bottom left. */
export type Corners = readonly [Point, Point, Point, Point];
/** A place in an image. */
export type Point = readonly [x: number, y: number];

/** Solves `a x = b` in place by elimination with row pivots. */
function solve(a: number[][], b: number[]): number[] {
  const n = b.length;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(a[i]![k]!) > Math.abs(a[pivot]![k]!)) pivot = i;
    [a[k], a[pivot]] = [a[pivot]!, a[k]!];
    [b[k], b[pivot]] = [b[pivot]!, b[k]!];
    if (a[k]![k] === 0) {
      throw new RangeError("Cannot apply perspective() as no three of the corners may lie on one line");
    }
    for (let i = k + 1; i < n; i++) {
      const factor = a[i]![k]! / a[k]![k]!;
      for (let j = k; j < n; j++) a[i]![j]! -= factor * a[k]![j]!;
      b[i]! -= factor * b[k]!;
    }
  }
  for (let k = n - 1; k >= 0; k--) {
    for (let j = k + 1; j < n; j++) b[k]! -= a[k]![j]! * b[j]!;
    b[k]! /= a[k]![k]!;
  }
  return b;
}

/** `[a ... h]`: place (x, y) of the result shows place ((a x + b y + c) / w, (d x + e y + f) / w), w = g x + h y + 1. */
export type PerspectiveCoefficients = readonly [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];

/**
 * Returns the coefficients, in float32 as in torchvision, that show the points `from` of an image at `to`.
 *
 * @throws {RangeError} If three corners lie on one line.
 */
export function perspectiveCoefficients(
  { from, to }: { readonly from: Corners; readonly to: Corners },
): PerspectiveCoefficients {
  const rows: number[][] = [], right: number[] = [];
  to.forEach(([x, y], i) => {
    const [u, v] = from[i]!;
    rows.push([x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]);
    right.push(u, v);
  });
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = solve(rows, right).map(Math.fround);
  return [a, b, c, d, e, f, g, h];
}

/**
 * Moves four points of an image to four others, and all between them in perspective: torchvision's `perspective`.
 * The eight coefficients are solved for in float64 and rounded to float32, as in torchvision.
 *
 * @param image The image to draw.
 * @param points Four points of the image (`from`), and the places they move to (`to`).
 * @throws {RangeError} If three corners lie on one line, a number is not finite, or `fill` does not have one value per
 * channel.
 * @throws {TypeError} If the interpolation is unknown.
 */
export function perspective(
  image: Image,
  { from, to }: { readonly from: Corners; readonly to: Corners },
  options: WarpOptions = {},
): Image {
  options = readOptions("perspective()", options, WARP_OPTIONS);
  const { interpolation = "nearest", fill = 0 } = options;
  checkFinite("perspective()", { from: from.flat(), to: to.flat() }, 8);
  checkWarp("perspective()", options);
  const [a, b, c, d, e, f, g, h] = perspectiveCoefficients({ from, to });
  const map = (x: number, y: number, at: Float64Array): void => {
    const px = x + 0.5, py = y + 0.5;
    const w = g * px + h * py + 1;
    at[0] = (a * px + b * py + c) / w;
    at[1] = (d * px + e * py + f) / w;
  };
  return warp(image, image.width, image.height, map, interpolation, fillOf("perspective", fill, image));
}
