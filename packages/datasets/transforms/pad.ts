import { type Border, borderIndex, BORDERS, checkChoice, copyBytes } from "../imaging/common.ts";
import { Image } from "../image.ts";
import type { Extents, PixelMovement } from "../imaging/movement.ts";
import type { MovingTransform } from "./transform.ts";
import { checkSurplus } from "@troodon/core/kernel";

/** Pixels to add: on all sides, `[left and right, top and bottom]` or `[left, top, right, bottom]`. */
export type Padding = number | readonly [number, number] | readonly [number, number, number, number];

/**
 * Pixels to add on each side.
 *
 * @throws {RangeError} If one is not a nonnegative integer.
 */
export function sidesOf(
  padding: Padding,
): readonly [left: number, top: number, right: number, bottom: number] {
  const given = typeof padding === "number" ? [padding] : padding;
  const side = (i: number): number => given[i % given.length]!;
  const sides = [side(0), side(1), side(2), side(3)] as const;
  if ([1, 2, 4].includes(given.length) && sides.every((n) => Number.isInteger(n) && n >= 0)) return sides;
  throw new RangeError(
    `Cannot pad as the padding must be 1, 2 or 4 nonnegative integers: current padding is [${
      given.join(", ")
    }]`,
  );
}

/**
 * Adds pixels around an image: of one color, or of its own border.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Image, Pad } from "@troodon/datasets";
 *
 * const image = new Image(1, 1, 1, new Uint8Array([7]));
 * assertEquals([...new Pad([1, 0]).apply(image).data], [0, 7, 0]);
 * ```
 */
export class Pad implements MovingTransform {
  readonly #sides: ReturnType<typeof sidesOf>;
  readonly #fill: number | readonly number[];
  readonly #mode: Border;

  /**
   * Chooses the border.
   *
   * @param padding How much.
   * @param fill Value of all channels, or of each (default 0).
   * @param mode `"constant"` (default) pads with the fill, `"edge"` (or `"replicate"`) repeats the outermost pixels,
   * `"reflect"` and `"symmetric"` mirror the image without and with them.
   * @throws {TypeError} If `mode` is unknown.
   * @throws {RangeError} If a side is not a nonnegative integer, or `fill` no byte.
   */
  constructor(padding: Padding, fill: number | readonly number[] = 0, mode: Border = "constant") {
    checkSurplus(new.target.name, arguments, 3);
    this.#sides = sidesOf(padding);
    if (![fill].flat().every((n) => Number.isInteger(n) && n >= 0 && n < 256)) {
      throw new RangeError(`Cannot pad as the fill must be of integers in [0, 255]: current fill is ${fill}`);
    }
    checkChoice(new.target.name, "mode", mode, BORDERS);
    this.#fill = fill;
    this.#mode = mode;
  }

  /**
   * The image in its border.
   *
   * @throws {RangeError} If `fill` has not one value for each channel.
   */
  apply(image: Image): Image {
    return this.#padded(image, this.#fill);
  }

  /** Returns the change of geometry. Boxes cannot follow if the border repeats objects of the image. */
  move({ width, height }: Extents): PixelMovement {
    const [left, top, right, bottom] = this.#sides;
    return {
      width: left + width + right,
      height: top + height + bottom,
      cuts: true,
      draw: (image, isMask = false) => this.#padded(image, isMask ? 0 : this.#fill),
      point: (x, y) => {
        if (this.#mode === "constant") return [x + left, y + top];
        throw new TypeError(
          `Cannot pad bounding boxes as mode must be "constant": current mode is "${this.#mode}"`,
        );
      },
    };
  }

  #padded(image: Image, fill: number | readonly number[]): Image {
    const { width, height, channels, data } = image;
    const [left, top, right, bottom] = this.#sides;
    if (this.#mode !== "constant") {
      return continued(image, left, top, left + width + right, top + height + bottom, this.#mode);
    }
    if (typeof fill !== "number" && fill.length !== channels) {
      throw new RangeError(
        `Cannot pad an image of ${channels} channels as fill must have one value for each: current fill is [${
          fill.join(", ")
        }]`,
      );
    }
    const outWidth = left + width + right;
    const out = new Uint8Array(outWidth * (top + height + bottom) * channels);
    if (typeof fill === "number") {
      if (fill !== 0) out.fill(fill);
    } else for (let i = 0; i < out.length; i++) out[i] = fill[i % channels]!;
    const line = width * channels;
    for (let row = 0; row < height; row++) {
      copyBytes(data, row * line, line, out, ((top + row) * outWidth + left) * channels);
    }
    return new Image(outWidth, top + height + bottom, channels, out);
  }
}

/** An image that goes on beyond its borders. */
function continued(
  image: Image,
  left: number,
  top: number,
  width: number,
  height: number,
  mode: Border,
): Image {
  const { channels, data } = image;
  const out = new Uint8Array(width * height * channels);
  for (let y = 0, to = 0; y < height; y++) {
    const row = borderIndex(y - top, image.height, mode) * image.width;
    for (let x = 0; x < width; x++) {
      const from = (row + borderIndex(x - left, image.width, mode)) * channels;
      for (let c = 0; c < channels; c++) out[to++] = data[from + c]!;
    }
  }
  return new Image(width, height, channels, out);
}
