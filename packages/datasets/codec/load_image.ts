import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { type FileLike, openBytes, requireFileSync, runtimeFiles } from "@troodon/io";
import { decodeBuiltin } from "./builtin_codec.ts";
import type { Channels, Image } from "../image.ts";
import { decodeBmp } from "./bmp/decode.ts";
import { decodeGif } from "./gif/decode.ts";
import { imageFormat, readImageHeader } from "./image_header.ts";
import { hflip, transpose, vflip } from "../imaging/crop.ts";
import { decodeJpeg } from "./jpeg/decode.ts";
import { checkBlocks, checkPixels, DEFAULT_MAX_PIXELS } from "./max_pixels.ts";
import { decodePng } from "./png/decode.ts";
import { pngOrientation } from "./png/orientation.ts";

/** Options of {@linkcode decodeImage} and {@linkcode loadImage}. */
export interface DecodeImageOptions {
  /**
   * Maximum number of pixels of an image: larger images are rejected before memory is allocated (default
   * 2^26, 67 million). The scans of a progressive JPEG file may cover 16 times as many.
   */
  readonly maxPixels?: number;
  /**
   * Called once with the repairs made if a file is damaged but can be decoded (default `console.warn`): JPEG
   * files with missing data, restart markers, scans or end, PNG files with a wrong checksum of an ancillary
   * chunk.
   */
  readonly onWarning?: (message: string) => void;
}
/** The keys of {@linkcode DecodeImageOptions}. */
export const DECODE_IMAGE_OPTIONS: OptionKeys<DecodeImageOptions> = { maxPixels: true, onWarning: true };

/**
 * Decodes an image file by what it begins with: PNG, JPEG (baseline and progressive; CMYK becomes RGB), WebP, GIF
 * (its first frame, drawn on its screen) or BMP. The orientation stated in EXIF or XMP data is applied.
 *
 * WebP files are decoded by the engine and return a promise, other formats are decoded synchronously. The
 * bytes are the same as Pillow's; the README of the package lists the exceptions.
 *
 * @param bytes The whole file.
 * @param name What errors call it.
 * @throws {TypeError} If it is of another kind, or damaged.
 * @throws {RangeError} If the image has more than `maxPixels` pixels, or the file is far too small for them.
 */
export function decodeImage(
  bytes: Uint8Array,
  name: string,
  options: DecodeImageOptions = {},
): Image | Promise<Image> {
  options = readOptions("decodeImage()", options, DECODE_IMAGE_OPTIONS);
  if (bytes.length === 0) throw new TypeError(`Cannot read ${name}: the file is empty`);
  const { maxPixels = DEFAULT_MAX_PIXELS, onWarning = console.warn } = options;
  if (imageFormat(bytes) === "png") {
    return upright(decodePng(bytes, name, { maxPixels, onWarning }), pngOrientation(bytes));
  }
  const { format, width, height, orientation } = readImageHeader(bytes, name);
  checkPixels(width, height, maxPixels, name);
  if (format === "gif") return decodeGif(bytes, name, maxPixels);
  if (format === "bmp") return decodeBmp(bytes, name, maxPixels);
  if (format === "webp") return decodeBuiltin(bytes, name).then((image) => upright(image, orientation));
  checkBlocks(width, height, bytes.length, name);
  return upright(decodeJpeg(bytes, name, { maxPixels, onWarning }), orientation);
}

const halfTurn = (image: Image): Image => vflip(hflip(image));

/** Transforms that make an image upright, by orientation. */
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

/** Reads a file asynchronously from bytes, a URL, or a path in a page. */
export async function readImage(
  file: FileLike,
  name: string | undefined,
  channels: Channels,
  options: DecodeImageOptions,
): Promise<Image> {
  using source = await openBytes(file, name);
  return (await decodeImage(await source.read(0, source.size), source.name, options)).convert(channels);
}

function load(file: FileLike, channels: Channels, options: DecodeImageOptions): Image | Promise<Image> {
  const isPath = typeof file === "string" && !/^(https?|data|blob):/i.test(file);
  if (!isPath || !runtimeFiles().canReadSync) return readImage(file, undefined, channels, options);
  requireFileSync(file);
  const image = decodeImage(runtimeFiles().readSync(file), file, options);
  return image instanceof Promise ? image.then((i) => i.convert(channels)) : image.convert(channels);
}

/**
 * Reads an image file as RGB, whatever is stored, so that all images of a folder have one form. See
 * {@linkcode decodeImage} for the kinds of files and the errors.
 *
 * Small files are read faster synchronously than with promises: of files that are named by their paths all formats except
 * WebP return synchronously, but in a page.
 *
 * @param file A path, a URL, a Blob or bytes.
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
export function loadImage(file: FileLike, options: DecodeImageOptions = {}): Image | Promise<Image> {
  options = readOptions("loadImage()", options, DECODE_IMAGE_OPTIONS);
  return load(file, 3, options);
}

/** Reads an image file as gray with one channel, for gray datasets. See {@linkcode loadImage}. */
export function loadGrayImage(file: FileLike, options: DecodeImageOptions = {}): Image | Promise<Image> {
  options = readOptions("loadGrayImage()", options, DECODE_IMAGE_OPTIONS);
  return load(file, 1, options);
}
