import type { Image } from "../image.ts";
import { type Pixels, pixelShares } from "../pixels.ts";
import type { Transform } from "./transform.ts";

/**
 * An image of bytes, `[height, width, channels]`, to `float32` in [0, 1], `[channels, height, width]`. The result is an
 * array on the host, which stays bytes until its numbers are needed: the loader makes tensors of whole batches. It
 * shares the bytes of the image.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Image, ToTensor } from "@troodon/datasets";
 *
 * const { data, shape } = new ToTensor().apply(new Image(1, 2, 1, new Uint8Array([0, 255])));
 * assertEquals([...data], [0, 1]);
 * assertEquals(shape, [1, 2, 1]);
 * ```
 */
export class ToTensor implements Transform<Image, Pixels> {
  /** The samples of `image`, channel by channel, divided by 255. */
  apply(image: Image): Pixels {
    return pixelShares(image.data, [image.channels, image.height, image.width]);
  }
}
