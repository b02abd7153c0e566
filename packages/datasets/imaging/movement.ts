/** Changes of an image's geometry that also say where points move, so that masks and boxes move along. */
import type { Image } from "../image.ts";
import type { Fill, ResizeFilter } from "./common.ts";
import { crop, hflip, type Rectangle, vflip } from "./crop.ts";
import { resize, type ResizeSize, targetOf } from "./resize.ts";

/** Width and height in pixels. */
export interface Extents {
  /** Pixels in a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
}

/** A change of geometry with fixed parameters, for images of one size. */
export interface PixelMovement extends Extents {
  /** True if parts of the image may lie outside of the result; boxes are then cut to the result. */
  readonly cuts: boolean;
  /** Applies the change to an image, or to a mask without mixing its labels and with 0 beyond its borders. */
  draw(image: Image, isMask?: boolean): Image;
  /**
   * Moves a point `(x, y)`, in pixels from the top left corner.
   *
   * @throws {TypeError} If points have no single place after the change.
   */
  point(x: number, y: number): readonly [x: number, y: number];
}

/** Leaves an image as it is. */
export function staying({ width, height }: Extents): PixelMovement {
  return { width, height, cuts: false, draw: (image) => image, point: (x, y) => [x, y] };
}

/** Mirrors an image from left to right. */
export function flippingHorizontally({ width, height }: Extents): PixelMovement {
  return { width, height, cuts: false, draw: hflip, point: (x, y) => [width - x, y] };
}

/** Mirrors an image from top to bottom. */
export function flippingVertically({ width, height }: Extents): PixelMovement {
  return { width, height, cuts: false, draw: vflip, point: (x, y) => [x, height - y] };
}

/** Cuts out a rectangle, which may extend beyond the image. */
export function cropping(rectangle: Rectangle, fill?: Fill): PixelMovement {
  const { top, left, width, height } = rectangle;
  return {
    width,
    height,
    cuts: true,
    draw: (image, isMask = false) => crop(image, rectangle, isMask ? 0 : fill),
    point: (x, y) => [x - left, y - top],
  };
}

/** Scales an image. */
export function resizing(
  from: Extents,
  size: ResizeSize,
  interpolation?: ResizeFilter,
  maxSize?: number,
): PixelMovement {
  const [height, width] = targetOf(from, size, maxSize);
  return {
    width,
    height,
    cuts: false,
    draw: (image, isMask = false) =>
      resize(
        image,
        [height, width],
        isMask ? { interpolation: "nearest" } : { ...(interpolation && { interpolation }) },
      ),
    point: (x, y) => [x * width / from.width, y * height / from.height],
  };
}

/** Combines movements, one after another. */
export function inTurn(first: PixelMovement, second: PixelMovement): PixelMovement {
  return {
    width: second.width,
    height: second.height,
    cuts: first.cuts || second.cuts,
    draw: (image, isMask) => second.draw(first.draw(image, isMask), isMask),
    point: (x, y) => second.point(...first.point(x, y)),
  };
}

/** A projective map of points, row by row: `[a, b, c, d, e, f, g, h, i]`. */
export type Projection = readonly number[];

/**
 * Returns a function that moves points by the inverse of a projective map, which leads from the result to the image.
 *
 * @throws {RangeError} If the map has no inverse.
 */
export function pointBy(projection: Projection): PixelMovement["point"] {
  const [a, b, c, d, e, f, g, h, i] = projection as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const inverse = [
    [e * i - f * h, c * h - b * i, b * f - c * e],
    [f * g - d * i, a * i - c * g, c * d - a * f],
    [d * h - e * g, b * g - a * h, a * e - b * d],
  ] as const;
  if (a * inverse[0][0] + b * inverse[1][0] + c * inverse[2][0] === 0) {
    throw new RangeError("Cannot move boxes as the change of geometry has no inverse");
  }
  return (x, y) => {
    const [u, v, w] = inverse.map(([p, q, r]) => p * x + q * y + r) as [number, number, number];
    return [u / w, v / w];
  };
}
