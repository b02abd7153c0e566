import { type Expr, expr } from "@troodon/core";
import type { Image } from "../image.ts";
import { NdArray } from "../nd_array.ts";
import type { Transform } from "./transform.ts";

/**
 * An image of bytes, `[height, width, channels]`, to `float32` in [0, 1], `[channels, height, width]`. The result
 * is an array on the host: the loader makes tensors of whole batches.
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
export class ToTensor implements Transform<Image, NdArray<Float32Array>> {
  /** A byte is divided by 255 wherever it stands. */
  readonly pointwise = true as const;

  /** See {@linkcode Transform.expression}. */
  expression(x: Expr): Expr {
    return expr.div(x, 255);
  }

  /** The samples of `image`, channel by channel. */
  apply(image: Image): NdArray<Float32Array> {
    const { width, height, channels, data } = image;
    const size = width * height;
    const out = new Float32Array(size * channels);
    for (let c = 0, to = 0; c < channels; c++) {
      for (let from = c; from < data.length; from += channels) out[to++] = data[from]! / 255;
    }
    return new NdArray(out, [channels, height, width]);
  }
}
