import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { Image } from "../image.ts";
import { withPremultiplied } from "./alpha.ts";
import { checkChoice, FILTER_NAMES, type ResizeFilter } from "./common.ts";
import { FILTERS, resampleColumns, resampleRows } from "./resample.ts";
import { steppedPositions } from "./sample.ts";

/** `[height, width]`, the length of the shorter side, or null for the largest size that `maxSize` allows. */
export type ResizeSize = number | readonly [height: number, width: number] | null;

/** Options of {@linkcode resize}. */
export interface ResizeOptions {
  /** Filter that weights the pixels (default `"bilinear"`). */
  readonly interpolation?: ResizeFilter;
  /**
   * Largest length of the longer side: an image that would exceed it is scaled down further.
   */
  readonly maxSize?: number;
}

/** The keys of {@linkcode ResizeOptions}. */
export const RESIZE_OPTIONS: OptionKeys<ResizeOptions> = { interpolation: true, maxSize: true };

const isLength = (n: number): boolean => Number.isInteger(n) && n > 0;

/**
 * Checks the size and the options of a resize.
 *
 * @throws {TypeError} If the interpolation is unknown.
 * @throws {RangeError} If a size is not a positive integer, or `maxSize` does not fit it.
 */
export function checkResize(name: string, size: ResizeSize, options: ResizeOptions): void {
  const { interpolation, maxSize } = options;
  checkChoice(name, "interpolation", interpolation ?? "bilinear", FILTER_NAMES);
  if (size === null ? maxSize === undefined : ![size].flat().every(isLength)) {
    throw new RangeError(
      `Cannot apply ${name} as sizes must be positive integers, or null beside maxSize: current size is ${size}`,
    );
  }
  if (Array.isArray(size) && size.length !== 2) {
    throw new RangeError(
      `Cannot apply ${name} as size must be one number or [height, width]: current size is [${
        size.join(", ")
      }]`,
    );
  }
  if (maxSize === undefined) return;
  if (!isLength(maxSize) || Array.isArray(size) || (typeof size === "number" && maxSize <= size)) {
    throw new RangeError(
      `Cannot apply ${name} as maxSize must be an integer above size, which is one number: current size is ${size} and ` +
        `maxSize is ${maxSize}`,
    );
  }
}

/** Returns `[height, width]` of an image after a resize. */
export function targetOf(
  { width, height }: Pick<Image, "width" | "height">,
  size: ResizeSize,
  maxSize: number | undefined,
): readonly [height: number, width: number] {
  if (size !== null && typeof size !== "number") return size;
  const short = Math.min(width, height), long = Math.max(width, height);
  const limit = maxSize ?? Infinity;
  let newShort: number, newLong: number;
  if (size === null) [newShort, newLong] = [Math.trunc(limit * short / long), limit];
  else [newShort, newLong] = [size, Math.trunc(size * long / short)];
  if (newLong > limit) [newShort, newLong] = [Math.trunc(limit * newShort / newLong), limit];
  return width <= height ? [newLong, newShort] : [newShort, newLong];
}

/**
 * Scales an image as torchvision's `resize` scales Pillow images: antialiased, by a filter whose weights have 22 bits.
 * Colors are weighted by alpha if there is any.
 *
 * @param image The image to scale.
 * @param size `[height, width]`, the length of the shorter side, or null for the largest size that `maxSize` allows.
 * @throws {TypeError} If the interpolation is unknown.
 * @throws {RangeError} If a size is not a positive integer, or a side would have no pixels.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Image, imaging } from "@troodon/datasets";
 *
 * const image = new Image(4, 1, 1, new Uint8Array([0, 0, 200, 200]));
 * assertEquals([...imaging.resize(image, [1, 2], { interpolation: "box" }).data], [0, 200]);
 * ```
 */
export function resize(image: Image, size: ResizeSize, options: ResizeOptions = {}): Image {
  options = readOptions("resize()", options, RESIZE_OPTIONS);
  checkResize("resize()", size, options);
  const { interpolation = "bilinear", maxSize } = options;
  const [height, width] = targetOf(image, size, maxSize);
  if (width === image.width && height === image.height) return image;
  if (!(width > 0 && height > 0)) {
    throw new RangeError(
      `Cannot resize an image of ${image.width}x${image.height} pixels as both sides must keep a pixel: ` +
        `current result is ${width}x${height}`,
    );
  }
  if (interpolation === "nearest") return nearest(image, width, height);
  return withPremultiplied(image, (source) => weigh(source, width, height, interpolation));
}

function weigh(image: Image, width: number, height: number, name: Exclude<ResizeFilter, "nearest">): Image {
  const filter = FILTERS[name], { channels } = image;
  const rows = (source: Image): Image => {
    if (source.width === width) return source;
    const data = resampleRows(source.data, source.width, source.height, width, channels, filter);
    return new Image(width, source.height, channels, data);
  };
  const columns = (source: Image): Image => {
    if (source.height === height) return source;
    const data = resampleColumns(source.data, source.height, source.width * channels, height, filter);
    return new Image(source.width, height, channels, data);
  };
  // Pillow shortens very high images before it changes their width.
  const high = image.height > image.width * 100 && height < image.height;
  return high ? rows(columns(image)) : columns(rows(image));
}

function nearest(image: Image, width: number, height: number): Image {
  const { channels, data } = image;
  const out = new Uint8Array(width * height * channels);
  const columns = steppedPositions(width, image.width / width, 0);
  const lines = steppedPositions(height, image.height / height, 0);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (lines[y]! * image.width + columns[x]!) * channels;
      for (let c = 0; c < channels; c++) out[to++] = data[from + c]!;
    }
  }
  return new Image(width, height, channels, out);
}
