import { defaultGenerator, type Generator } from "@troodon/core";
import { checkSurplus } from "@troodon/core/kernel";
import { compress } from "../codec/jpeg/compress.ts";
import type { Image } from "../image.ts";
import type { ColorTransform } from "./transform.ts";

/**
 * Compresses an image as JPEG and decompresses it, as torchvision's `JPEG` does, with the bytes of libjpeg-turbo. Alpha
 * stays.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Image, JPEG } from "@troodon/datasets";
 *
 * const image = new Image(2, 1, 1, new Uint8Array([0, 200]));
 * assertEquals([...new JPEG(100).apply(image).data], [0, 200]);
 * ```
 */
export class JPEG implements ColorTransform {
  /** See {@linkcode ColorTransform}. */
  readonly keepsPlaces: true = true;
  readonly #quality: readonly [number, number];

  /**
   * Sets the quality, from 1 to 100, or a range to draw it from.
   *
   * @throws {RangeError} If a quality is not an integer from 1 to 100.
   */
  constructor(quality: number | readonly [number, number]) {
    checkSurplus(new.target.name, arguments, 1);
    const range = typeof quality === "number" ? [quality, quality] as const : quality;
    const [low, high] = range;
    if (range.length !== 2 || !range.every(Number.isInteger) || !(low >= 1 && low <= high && high <= 100)) {
      throw new RangeError(
        `Cannot make JPEG as quality must be an integer from 1 to 100, or a range: current quality is ${quality}`,
      );
    }
    this.#quality = range;
  }

  /** Returns the image after compression. */
  apply(image: Image, generator: Generator = defaultGenerator()): Image {
    const [low, high] = this.#quality;
    return compress(image, low + generator.integer(high - low + 1));
  }
}
