import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { decodeBuiltin } from "./builtin_codec.ts";
import type { Channels, Image } from "../image.ts";
import { imageFormat, readImageHeader } from "./image_header.ts";
import { hflip, transpose, vflip } from "../imaging/crop.ts";
import { decodeJpeg } from "./jpeg/decode.ts";
import { decodePng } from "./png/decode.ts";

/** Options of {@linkcode decodeImage} and {@linkcode loadImage}. */
export interface DecodeImageOptions {
  /** Files that state more pixels are refused before they are decoded (default 2^27). */
  readonly maxPixels?: number;
}
const DECODE_IMAGE_OPTIONS: OptionKeys<DecodeImageOptions> = { maxPixels: true };

/**
 * Decodes an image file by what it begins with: PNG, JPEG (baseline and progressive; CMYK becomes RGB), WebP, GIF
 * (its first frame) or BMP. The EXIF orientation of a JPEG file is applied.
 *
 * PNG and JPEG files are decoded at once, the others by the engine, with a promise. All give the bytes that Pillow
 * gives with libjpeg-turbo.
 *
 * @param bytes The whole file.
 * @param name What errors call it.
 * @throws {TypeError} If it is of another kind, or damaged.
 * @throws {RangeError} If it has more than `maxPixels` pixels.
 */
export function decodeImage(
  bytes: Uint8Array,
  name: string,
  options: DecodeImageOptions = {},
): Image | Promise<Image> {
  options = readOptions("decodeImage()", options, DECODE_IMAGE_OPTIONS);
  if (bytes.length === 0) throw new TypeError(`Cannot read ${name}: the file is empty`);
  if (imageFormat(bytes) === "png") return decodePng(bytes, name, options);
  const { format, width, height, orientation } = readImageHeader(bytes, name);
  const { maxPixels = 2 ** 27 } = options;
  if (width * height > maxPixels) {
    throw new RangeError(
      `Cannot read ${name}: it must have at most ${maxPixels} pixels but has ${width}x${height}`,
    );
  }
  return format === "jpeg" ? upright(decodeJpeg(bytes, name), orientation) : decodeBuiltin(bytes, name);
}

const halfTurn = (image: Image): Image => vflip(hflip(image));

/** What makes an image upright, by its EXIF orientation. */
const TURNS: readonly ((image: Image) => Image)[] = [
  (image) => image,
  hflip,
  halfTurn,
  vflip,
  transpose,
  (image) => hflip(transpose(image)),
  (image) => halfTurn(transpose(image)),
  (image) => vflip(transpose(image)),
];

function upright(image: Image, orientation: number): Image {
  return TURNS[orientation - 1]!(image);
}

function load(path: string, channels: Channels, options: DecodeImageOptions): Image | Promise<Image> {
  const image = decodeImage(Deno.readFileSync(path), path, options);
  return image instanceof Promise ? image.then((i) => i.convert(channels)) : image.convert(channels);
}

/**
 * Reads an image file as RGB, whatever is stored, so that all images of a folder have one form. See
 * {@linkcode decodeImage} for the kinds of files and the errors.
 *
 * Small files are read faster by waiting for them than by promises: a PNG or JPEG file is returned at once.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encodePng, Image, loadImage } from "@troodon/datasets";
 *
 * const path = await Deno.makeTempFile({ suffix: ".png" });
 * await Deno.writeFile(path, encodePng(new Image(1, 1, 1, new Uint8Array([7]))));
 * assertEquals([...(await loadImage(path)).data], [7, 7, 7]);
 * await Deno.remove(path);
 * ```
 */
export function loadImage(path: string, options: DecodeImageOptions = {}): Image | Promise<Image> {
  options = readOptions("loadImage()", options, DECODE_IMAGE_OPTIONS);
  return load(path, 3, options);
}

/** Reads an image file as grey, one channel: for datasets that are grey throughout. */
export function loadGreyImage(path: string, options: DecodeImageOptions = {}): Image | Promise<Image> {
  options = readOptions("loadGreyImage()", options, DECODE_IMAGE_OPTIONS);
  return load(path, 1, options);
}
