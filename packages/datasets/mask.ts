import { checkSurplus } from "@troodon/core/kernel";
import { Image } from "./image.ts";

/**
 * Labels of pixels: an image of one channel that {@linkcode TransformSample} moves without mixing its values.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Mask, RandomHorizontalFlip, TransformSample } from "@troodon/datasets";
 *
 * const flip = new TransformSample([new RandomHorizontalFlip(1)]);
 * const { mask } = flip.apply({ mask: new Mask(2, 1, new Uint8Array([0, 7])) });
 * assertEquals([...mask.data], [7, 0]);
 * ```
 */
export class Mask extends Image {
  /**
   * Wraps `data` without a copy.
   *
   * @throws {RangeError} If `data` does not hold `width * height` labels.
   */
  constructor(width: number, height: number, data: Uint8Array) {
    checkSurplus(new.target.name, arguments, 3);
    super(width, height, 1, data);
  }

  /** Shows the extents, not the labels. */
  override toString(): string {
    return `Mask(${this.width}x${this.height})`;
  }
}
