/** Premultiplied alpha: images are interpolated with it, so that transparent pixels add no color. */
import { Image } from "../image.ts";

/** Returns true if the last channel of an image is alpha. */
export function hasAlpha({ channels }: Image): boolean {
  return channels % 2 === 0;
}

/** Multiplies colors by alpha / 255, rounded, in Pillow's integer arithmetic. */
function premultiply({ width, height, channels, data }: Image): Image {
  const out = new Uint8Array(data);
  for (let i = 0; i < data.length; i += channels) {
    const alpha = data[i + channels - 1]!;
    for (let c = i; c < i + channels - 1; c++) {
      const product = data[c]! * alpha + 128;
      out[c] = ((product >> 8) + product) >> 8;
    }
  }
  return new Image(width, height, channels, out);
}

/** Undoes `premultiply()`, rounded down; colors brighter than their alpha become 255. */
function unpremultiply({ width, height, channels, data }: Image): Image {
  const out = new Uint8Array(data);
  for (let i = 0; i < data.length; i += channels) {
    const alpha = data[i + channels - 1]!;
    if (alpha === 0 || alpha === 255) continue;
    for (let c = i; c < i + channels - 1; c++) out[c] = Math.min(255, 255 * data[c]! / alpha);
  }
  return new Image(width, height, channels, out);
}

/** Applies `change` to an image, with premultiplied colors if it has alpha. */
export function withPremultiplied(image: Image, change: (image: Image) => Image): Image {
  return hasAlpha(image) ? unpremultiply(change(premultiply(image))) : change(image);
}
