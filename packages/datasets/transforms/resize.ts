import { Image } from "../image.ts";
import type { Interpolation } from "../imaging/common.ts";
import { type Filter, FILTERS, resampleColumns, resampleRows } from "./resample.ts";
import type { Transform } from "./transform.ts";
import { checkSurplus } from "@troodon/core/kernel";

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
export class Resize implements Transform<Image, Image> {
  readonly #size: number | readonly [number, number];
  readonly #interpolation: Interpolation;

  /**
   * Chooses the size.
   *
   * @param size `[height, width]`, or the length of the shorter side, whose ratio to the longer is then kept.
   * @param interpolation `"bilinear"` (default), `"bicubic"` or `"nearest"`.
   * @throws {RangeError} If a size is not a positive integer.
   */
  constructor(size: number | readonly [number, number], interpolation: Interpolation = "bilinear") {
    checkSurplus(new.target.name, arguments, 2);
    if (![size].flat().every((n) => Number.isInteger(n) && n > 0)) {
      throw new RangeError(`Cannot resize as sizes must be positive integers: current size is ${size}`);
    }
    this.#size = size;
    this.#interpolation = interpolation;
  }

  /** The scaled image. */
  apply(image: Image): Image {
    const [height, width] = this.#target(image);
    if (width === image.width && height === image.height) return image;
    if (this.#interpolation === "nearest") return nearest(image, width, height);
    const filter: Filter = FILTERS[this.#interpolation];
    const { channels } = image;
    let data = image.data;
    if (width !== image.width) data = resampleRows(data, image.width, image.height, width, channels, filter);
    if (height !== image.height) data = resampleColumns(data, image.height, width * channels, height, filter);
    return new Image(width, height, channels, data);
  }

  #target({ width, height }: Image): readonly [number, number] {
    const size = this.#size;
    if (typeof size !== "number") return size;
    return width < height
      ? [Math.floor(size * height / width), size]
      : [size, Math.floor(size * width / height)];
  }
}

function nearest(image: Image, width: number, height: number): Image {
  const { channels, data } = image;
  const out = new Uint8Array(width * height * channels);
  for (let y = 0, to = 0; y < height; y++) {
    const row = Math.floor((y + 0.5) * image.height / height) * image.width;
    for (let x = 0; x < width; x++) {
      const from = (row + Math.floor((x + 0.5) * image.width / width)) * channels;
      for (let c = 0; c < channels; c++) out[to++] = data[from + c]!;
    }
  }
  return new Image(width, height, channels, out);
}
