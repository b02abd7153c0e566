import type { Image } from "../image.ts";
import { NdArray } from "../nd_array.ts";
import type { Transform } from "./transform.ts";

/**
 * An image to an array of its bytes, `[channels, height, width]`: torchvision's `PILToTensor`. It shares the bytes of
 * an image of one channel.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Image, ToUint8 } from "@troodon/datasets";
 *
 * const { data, shape, dtype } = new ToUint8().apply(new Image(1, 1, 3, new Uint8Array([1, 2, 3])));
 * assertEquals([...data], [1, 2, 3]);
 * assertEquals([shape, dtype], [[3, 1, 1], "uint8"]);
 * ```
 */
export class ToUint8 implements Transform<Image, NdArray<Uint8Array>> {
  /** The samples of `image`, channel by channel. */
  apply(image: Image): NdArray<Uint8Array> {
    return new NdArray(image.planes(), [image.channels, image.height, image.width]);
  }
}
