import { Image } from "../image.ts";
import { imageBytes } from "./image_bytes.ts";
import { checkFill, copyBytes, type Fill, fillOf, roundHalfEven } from "./common.ts";

/** A rectangle of pixels, which may go beyond the image. */
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
 * @param fill What lies outside the image (default 0).
 * @throws {RangeError} If the rectangle is not of integers, or `fill` does not have one value per channel.
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
export function crop(image: Image, { top, left, height, width }: Rectangle, fill: Fill = 0): Image {
  if (![top, left, height, width].every(Number.isInteger) || height < 0 || width < 0) {
    throw new RangeError(
      `Cannot apply crop() as the rectangle must be of integers: current one has ${width}x${height} pixels at ` +
        `(${left}, ${top})`,
    );
  }
  checkFill("crop()", fill);
  const { channels, data } = image, out = imageBytes(width * height * channels);
  const cut = new Image(width, height, channels, out);
  const outside = typeof fill === "number" ? null : fillOf("crop", fill, image);
  if (outside) { for (let i = 0; i < out.length; i++) out[i] = outside[i % channels]!; }
  else if (fill !== 0) out.fill(fill as number);
  const first = Math.max(left, 0), end = Math.min(left + width, image.width);
  const firstRow = Math.max(top, 0), endRow = Math.min(top + height, image.height);
  if (first >= end || firstRow >= endRow) return cut;
  const line = (end - first) * channels, pitch = image.width * channels;
  const from = firstRow * pitch + first * channels;
  const to = ((firstRow - top) * width + first - left) * channels;
  if (width !== image.width) {
    for (let y = 0; y < endRow - firstRow; y++) {
      copyBytes(data, from + y * pitch, line, out, to + y * width * channels);
    }
    return cut;
  }
  // Rows are as long as those of the image: all in one, and then what came along from the rows beside them.
  out.set(data.subarray(from, from + (endRow - firstRow - 1) * pitch + line), to);
  for (let gap = line; gap < pitch; gap++) {
    const last = to + (endRow - firstRow - 1) * pitch;
    for (let i = to + gap; i < last; i += pitch) {
      out[i] = outside ? outside[i % channels]! : fill as number;
    }
  }
  return cut;
}

/** Returns the rectangle in the middle of an image; it extends beyond an image that is too small. */
export function centerOf(
  image: Pick<Image, "width" | "height">,
  height: number,
  width: number,
): Rectangle {
  // A smaller image is padded, the odd pixel at the end; a larger one is cut at the even of two middles.
  const start = (has: number, wants: number): number =>
    wants > has ? -Math.floor((wants - has) / 2) : roundHalfEven((has - wants) / 2);
  return { top: start(image.height, height), left: start(image.width, width), height, width };
}

/** Cuts out the middle of an image, padded with 0 if the image is too small, as torchvision's `center_crop`. */
export function centerCrop(image: Image, height: number, width: number): Image {
  return crop(image, centerOf(image, height, width));
}

/** The image mirrored from left to right. */
export function hflip(image: Image): Image {
  const { width, height, channels, data } = image;
  const out = imageBytes(data.length);
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
  const out = imageBytes(data.length);
  for (let y = 0; y < height; y++) {
    copyBytes(data, y * line, line, out, (height - 1 - y) * line);
  }
  return new Image(width, height, channels, out);
}

/** The image with rows and columns exchanged. */
export function transpose(image: Image): Image {
  const { width, height, channels, data } = image;
  const out = imageBytes(data.length);
  for (let x = 0, to = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      const from = (y * width + x) * channels;
      for (let c = 0; c < channels; c++) out[to++] = data[from + c]!;
    }
  }
  return new Image(height, width, channels, out);
}
