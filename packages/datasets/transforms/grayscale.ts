import { checkSurplus, type OptionKeys, readOptions } from "@troodon/core/kernel";
import type { Image } from "../image.ts";
import type { ColorTransform } from "./transform.ts";

/** Options of {@linkcode Grayscale}. */
export interface GrayscaleOptions {
  /** Channels of the result: one (default), or three equal ones. */
  readonly channels?: 1 | 3;
}
const GRAYSCALE_OPTIONS: OptionKeys<GrayscaleOptions> = { channels: true };

/**
 * The luma of an image (ITU-R BT.601), byte for byte as Pillow and torchvision have it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Grayscale, Image } from "@troodon/datasets";
 *
 * const green = new Image(1, 1, 3, new Uint8Array([0, 255, 0]));
 * assertEquals([...new Grayscale().apply(green).data], [150]);
 * ```
 */
export class Grayscale implements ColorTransform {
  /** See {@linkcode ColorTransform}. */
  readonly keepsPlaces: true = true;
  readonly #channels: 1 | 3;

  /**
   * Sets the number of channels.
   *
   * @throws {RangeError} If the number is neither 1 nor 3.
   */
  constructor(options?: GrayscaleOptions) {
    checkSurplus(new.target.name, arguments, 1);
    const { channels = 1 } = readOptions(new.target.name, options, GRAYSCALE_OPTIONS);
    if (channels !== 1 && channels !== 3) {
      throw new RangeError(
        `Cannot make Grayscale as channels must be 1 or 3: current channels is ${channels}`,
      );
    }
    this.#channels = channels;
  }

  /** The gray image. */
  apply(image: Image): Image {
    return image.convert(1).convert(this.#channels);
  }
}
