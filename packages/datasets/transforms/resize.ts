import { checkSurplus, readOptions } from "@troodon/core/kernel";
import type { Image } from "../image.ts";
import type { ResizeFilter } from "../imaging/common.ts";
import { type Extents, type PixelMovement, resizing } from "../imaging/movement.ts";
import {
  checkResize,
  resize,
  RESIZE_OPTIONS,
  type ResizeOptions,
  type ResizeSize,
} from "../imaging/resize.ts";
import type { MovingTransform } from "./transform.ts";

/**
 * Scales an image, byte for byte as Pillow does: antialiased, with weights of 22 bits.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Image, Resize } from "@troodon/datasets";
 *
 * const image = new Image(4, 1, 1, new Uint8Array([0, 0, 200, 200]));
 * assertEquals([...new Resize([1, 2]).apply(image).data], [29, 171]);
 * ```
 */
export class Resize implements MovingTransform {
  readonly #size: ResizeSize;
  readonly #options: ResizeOptions;

  /**
   * Chooses the size.
   *
   * @param size `[height, width]`, the length of the shorter side (the aspect ratio stays), or null for the largest
   * size that `maxSize` allows.
   * @param options The interpolation, by itself (`"bicubic"`) or as an option, and `maxSize`.
   * @throws {TypeError} If the interpolation is unknown.
   * @throws {RangeError} If a size is not a positive integer, or `maxSize` does not fit it.
   */
  constructor(size: ResizeSize, options: ResizeFilter | ResizeOptions = {}) {
    checkSurplus(new.target.name, arguments, 2);
    const given = typeof options === "string" ? { interpolation: options } : options;
    this.#size = size;
    this.#options = readOptions(new.target.name, given, RESIZE_OPTIONS);
    checkResize(new.target.name, size, this.#options);
  }

  /**
   * Returns the scaled image.
   *
   * @throws {RangeError} If a side would have no pixels.
   */
  apply(image: Image): Image {
    return resize(image, this.#size, this.#options);
  }

  /** Returns the change of size. */
  move(size: Extents): PixelMovement {
    return resizing(size, this.#size, this.#options.interpolation, this.#options.maxSize);
  }
}
