import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import type { Image } from "../image.ts";
import {
  checkChoice,
  checkFill,
  checkFinite,
  type Fill,
  fillOf,
  type Interpolation,
  INTERPOLATIONS,
} from "./common.ts";
import { hflip, transpose, vflip } from "./crop.ts";
import { affineMatrix, cornersOf, type Matrix, rotation } from "./affine_matrix.ts";
import { type Mapping, steppedPositions, warp } from "./sample.ts";

/** Options of {@linkcode affine}, {@linkcode rotate} and {@linkcode perspective}. */
export interface WarpOptions {
  /** Interpolation between pixels (default `"nearest"`). */
  readonly interpolation?: Interpolation;
  /** Color outside of the image (default 0). */
  readonly fill?: Fill;
}

/** The keys of {@linkcode WarpOptions}. */
export const WARP_OPTIONS: OptionKeys<WarpOptions> = { interpolation: true, fill: true };

/**
 * Checks the options that all warps share, and the point that stays in place.
 *
 * @throws {TypeError} If the interpolation is unknown.
 * @throws {RangeError} If a fill is not in [0, 255], or the point does not have two finite numbers.
 */
export function checkWarp(
  name: string,
  { interpolation, fill, center }: WarpOptions & { readonly center?: readonly [number, number] },
): void {
  checkChoice(name, "interpolation", interpolation ?? "nearest", INTERPOLATIONS);
  checkFill(name, fill ?? 0);
  if (center) checkFinite(name, { center }, 2);
}

/** Options of {@linkcode rotate}. */
export interface RotateOptions extends WarpOptions {
  /** Enlarges the result to hold the whole image (default false). */
  readonly expand?: boolean;
  /** Center of the rotation, `[x, y]` in pixels (default: the middle). */
  readonly center?: readonly [number, number];
}

/** The keys of {@linkcode RotateOptions}. */
export const ROTATE_OPTIONS: OptionKeys<RotateOptions> = {
  expand: true,
  center: true,
  interpolation: true,
  fill: true,
};

/** Options of {@linkcode affine}. */
export interface AffineOptions extends WarpOptions {
  /** Degrees to turn, clockwise (default 0). */
  readonly angle?: number;
  /** Pixels to move, `[x, y]` (default none). */
  readonly translate?: readonly [number, number];
  /** Factor to grow by (default 1). */
  readonly scale?: number;
  /** Degrees to shear along x and along y (default none). */
  readonly shear?: readonly [number, number];
  /** Point that stays in place, `[x, y]` in pixels (default: the middle). */
  readonly center?: readonly [number, number];
}
const AFFINE_OPTIONS: OptionKeys<AffineOptions> = {
  angle: true,
  translate: true,
  scale: true,
  shear: true,
  center: true,
  interpolation: true,
  fill: true,
};

/**
 * Maps output pixels to input positions. Nearest neighbors step in fixed point with 16 bits of fraction, or by repeated
 * addition, as in Pillow.
 */
function mapping(m: Matrix, interpolation: Interpolation, width: number, height: number): Mapping {
  const [a, b, c, d, e, f] = m;
  if (interpolation === "nearest" && b === 0 && d === 0) {
    const columns = steppedPositions(width, a, c), rows = steppedPositions(height, e, f);
    return (x, y, at) => {
      at[0] = columns[x]!;
      at[1] = rows[y]!;
    };
  }
  // Pillow's fixed point holds 15 bits before the point.
  const fits = ([x, y]: readonly [number, number]): boolean =>
    Math.abs(x * a + y * b + c) < 32768 && Math.abs(x * d + y * e + f) < 32768;
  if (interpolation !== "nearest" || !cornersOf(width, height).every(fits)) {
    return (x, y, at) => {
      at[0] = a * (x + 0.5) + b * (y + 0.5) + c;
      at[1] = d * (x + 0.5) + e * (y + 0.5) + f;
    };
  }
  const fix = (v: number): number => Math.floor(v * 65536 + 0.5);
  const [fa, fb, fd, fe] = [fix(a), fix(b), fix(d), fix(e)];
  const fc = fix(c + a * 0.5 + b * 0.5), ff = fix(f + d * 0.5 + e * 0.5);
  return (x, y, at) => {
    at[0] = (fc + fa * x + fb * y) / 65536;
    at[1] = (ff + fd * x + fe * y) / 65536;
  };
}

/**
 * Turns, moves, grows and shears an image, byte for byte as torchvision's `affine` on Pillow images (nearest,
 * bilinear, bicubic).
 *
 * @throws {RangeError} If `scale` is not positive, a number is not finite, or `fill` does not have one value per
 * channel.
 * @throws {TypeError} If the interpolation is unknown.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Image, imaging } from "@troodon/datasets";
 *
 * const image = new Image(3, 1, 1, new Uint8Array([1, 2, 3]));
 * assertEquals([...imaging.affine(image, { translate: [1, 0], fill: 9 }).data], [9, 1, 2]);
 * ```
 */
export function affine(image: Image, options: AffineOptions = {}): Image {
  options = readOptions("affine()", options, AFFINE_OPTIONS);
  const { angle = 0, translate = [0, 0], scale = 1, shear = [0, 0], interpolation = "nearest" } = options;
  if (!(scale > 0)) {
    throw new RangeError(`Cannot apply affine() as scale must be positive: current scale is ${scale}`);
  }
  const { width, height } = image;
  checkWarp("affine()", options);
  checkFinite("affine()", { angle, scale });
  checkFinite("affine()", { translate, shear }, 2);
  const map = mapping(affineMatrix(image, options), interpolation, width, height);
  return warp(image, width, height, map, interpolation, fillOf("affine", options.fill ?? 0, image));
}

/**
 * Turns an image counterclockwise, byte for byte as torchvision's `rotate` on Pillow images.
 *
 * @param image The image to turn.
 * @param angle Degrees.
 * @throws {RangeError} If a number is not finite, or `fill` does not have one value per channel.
 * @throws {TypeError} If the interpolation is unknown.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Image, imaging } from "@troodon/datasets";
 *
 * const image = new Image(2, 1, 1, new Uint8Array([1, 2]));
 * assertEquals([...imaging.rotate(image, 180).data], [2, 1]);
 * ```
 */
export function rotate(image: Image, angle: number, options: RotateOptions = {}): Image {
  options = readOptions("rotate()", options, ROTATE_OPTIONS);
  const { interpolation = "nearest" } = options;
  checkWarp("rotate()", options);
  checkFinite("rotate()", { angle });
  const { quarters, ...turned } = rotation(image, angle, options);
  const fill = fillOf("rotate", options.fill ?? 0, image);
  if (quarters === 0) return image;
  if (quarters === 2) return vflip(hflip(image));
  if (quarters === 1) return vflip(transpose(image));
  if (quarters === 3) return hflip(transpose(image));
  const { matrix, width, height } = turned;
  return warp(image, width, height, mapping(matrix, interpolation, width, height), interpolation, fill);
}
