import { Image } from "../image.ts";

/**
 * Reorders the channels of an image: channel `i` of the result is channel `order[i]`.
 *
 * @throws {RangeError} If `order` is not a permutation of the channels.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Image, imaging } from "@troodon/datasets";
 *
 * const image = new Image(1, 1, 3, new Uint8Array([1, 2, 3]));
 * assertEquals([...imaging.permuteChannels(image, [2, 0, 1]).data], [3, 1, 2]);
 * ```
 */
export function permuteChannels(image: Image, order: readonly number[]): Image {
  const { width, height, channels, data } = image;
  if (
    order.length !== channels || new Set(order).size !== channels ||
    !order.every((c) => Number.isInteger(c) && c >= 0 && c < channels)
  ) {
    throw new RangeError(
      `Cannot apply permuteChannels() as order must name each of ${channels} channels once: current order is [${
        order.join(", ")
      }]`,
    );
  }
  const out = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i += channels) {
    for (let c = 0; c < channels; c++) out[i + c] = data[i + order[c]!]!;
  }
  return new Image(width, height, channels, out);
}
