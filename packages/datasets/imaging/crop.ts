import { Image } from "../image.ts";
import { copyBytes, roundHalfEven } from "./common.ts";

/** A rectangle of pixels; what lies outside the image is 0. */
export interface Rectangle {
  /** The first row. */
  readonly top: number;
  /** The first column. */
  readonly left: number;
  /** Rows. */
  readonly height: number;
  /** Columns. */
  readonly width: number;
}

/**
 * The pixels in a rectangle, as torchvision's `crop`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Image, imaging } from "@troodon/datasets";
 *
 * const image = new Image(3, 1, 1, new Uint8Array([1, 2, 3]));
 * const part = imaging.crop(image, { top: 0, left: 1, height: 1, width: 2 });
 * assertEquals([...part.data], [2, 3]);
 * ```
 */
export function crop(image: Image, { top, left, height, width }: Rectangle): Image {
  const { channels, data } = image;
  const out = new Uint8Array(width * height * channels);
  const first = Math.max(left, 0), end = Math.min(left + width, image.width);
  for (let y = 0; y < height && first < end; y++) {
    const row = top + y;
    if (row < 0 || row >= image.height) continue;
    const from = (row * image.width + first) * channels;
    copyBytes(data, from, (end - first) * channels, out, (y * width + first - left) * channels);
  }
  return new Image(width, height, channels, out);
}

/** The middle of an image, with 0 around it where it is too small; torchvision's `center_crop`. */
export function centerCrop(image: Image, height: number, width: number): Image {
  // A smaller image is padded, the odd pixel at the end; a larger one is cut at the even of two middles.
  const start = (has: number, wants: number): number =>
    wants > has ? -Math.floor((wants - has) / 2) : roundHalfEven((has - wants) / 2);
  return crop(image, { top: start(image.height, height), left: start(image.width, width), height, width });
}

/** The image mirrored from left to right. */
export function hflip(image: Image): Image {
  const { width, height, channels, data } = image;
  const out = new Uint8Array(data.length);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = width - 1; x >= 0; x--) {
      const from = (y * width + x) * channels;
      for (let c = 0; c < channels; c++) out[to++] = data[from + c]!;
    }
  }
  return new Image(width, height, channels, out);
}

/** The image mirrored from top to bottom. */
export function vflip(image: Image): Image {
  const { width, height, channels, data } = image;
  const line = width * channels;
  const out = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    copyBytes(data, y * line, line, out, (height - 1 - y) * line);
  }
  return new Image(width, height, channels, out);
}

/** The image with rows and columns exchanged. */
export function transpose(image: Image): Image {
  const { width, height, channels, data } = image;
  const out = new Uint8Array(data.length);
  for (let x = 0, to = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      const from = (y * width + x) * channels;
      for (let c = 0; c < channels; c++) out[to++] = data[from + c]!;
    }
  }
  return new Image(height, width, channels, out);
}
