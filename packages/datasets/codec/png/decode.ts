/** PNG files to images: all color types, bit depths and interlacing (PNG specification, third edition). */
import { inflateZlib } from "@troodon/io";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { type Channels, Image } from "../../image.ts";
import { checkPixels, DEFAULT_MAX_PIXELS } from "../max_pixels.ts";
import { type ColorType, type PngHeader, readChunks, SAMPLES } from "./chunks.ts";
import { unfilter } from "./filter.ts";

/** The samples of a PNG file as they are stored: palette indices, 16-bit values, bits. */
export interface PngRaster {
  /** Pixels in a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Bits of a sample: 1, 2, 4, 8 or 16. */
  readonly bitDepth: number;
  /** 0 gray, 2 RGB, 3 palette, 4 gray and alpha, 6 RGBA. */
  readonly colorType: ColorType;
  /** Samples in a pixel. */
  readonly channels: Channels;
  /** The samples, `[height, width, channels]`, not scaled. */
  readonly samples: Uint8Array | Uint16Array;
  /** Red, green and blue of each palette entry. */
  readonly palette: Uint8Array | null;
  /** Alpha of palette entries, or the 16-bit samples of the transparent color. */
  readonly transparency: Uint8Array | null;
}

/** Options of {@linkcode decodePng} and {@linkcode readPng}. */
export interface PngOptions {
  /** Maximum number of pixels: larger images are rejected before they are decompressed (default 2^26). */
  readonly maxPixels?: number;
  /** Called once with the error found if a file is damaged but can be decoded (default `console.warn`). */
  readonly onWarning?: (message: string) => void;
}
const PNG_OPTIONS: OptionKeys<PngOptions> = { maxPixels: true, onWarning: true };

/** Start and step of the columns and rows of a pass. */
type Pass = readonly [x: number, y: number, dx: number, dy: number];

const WHOLE: readonly Pass[] = [[0, 0, 1, 1]];
const ADAM7: readonly Pass[] = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];

interface Lines {
  readonly pass: Pass;
  readonly columns: number;
  readonly rows: number;
  readonly bytes: number;
}

function layOut(header: PngHeader): Lines[] {
  const { width, height, bitDepth, colorType, interlaced } = header;
  return (interlaced ? ADAM7 : WHOLE).map((pass) => {
    const [x, y, dx, dy] = pass;
    const columns = Math.max(0, Math.ceil((width - x) / dx));
    const rows = columns === 0 ? 0 : Math.max(0, Math.ceil((height - y) / dy));
    return { pass, columns, rows, bytes: Math.ceil(columns * SAMPLES[colorType] * bitDepth / 8) };
  });
}

/** Puts the samples of a pass, packed in `lines`, in their places. */
function place(lines: Uint8Array, layout: Lines, header: PngHeader, samples: Uint8Array | Uint16Array): void {
  const { pass: [x, y, dx, dy], columns, rows, bytes } = layout;
  const { width, bitDepth, colorType } = header;
  const channels = SAMPLES[colorType];
  const mask = (1 << bitDepth) - 1;
  for (let row = 0; row < rows; row++) {
    const line = row * bytes;
    for (let column = 0; column < columns; column++) {
      const to = ((y + row * dy) * width + x + column * dx) * channels;
      for (let channel = 0; channel < channels; channel++) {
        const index = column * channels + channel;
        if (bitDepth === 16) {
          samples[to + channel] = lines[line + 2 * index]! << 8 | lines[line + 2 * index + 1]!;
        } else if (bitDepth === 8) {
          samples[to + channel] = lines[line + index]!;
        } else {
          const bit = index * bitDepth;
          samples[to + channel] = lines[line + (bit >> 3)]! >> (8 - bitDepth - (bit & 7)) & mask;
        }
      }
    }
  }
}

/**
 * Reads a PNG file without interpreting its samples.
 *
 * @throws {TypeError} If it is damaged or truncated.
 * @throws {RangeError} If it has more than `maxPixels` pixels.
 */
export function readPng(bytes: Uint8Array, name: string, options: PngOptions = {}): PngRaster {
  options = readOptions("readPng()", options, PNG_OPTIONS);
  const { maxPixels = DEFAULT_MAX_PIXELS, onWarning = console.warn } = options;
  const leftOut: string[] = [];
  const { header, palette, transparency, data } = readChunks(bytes, name, (type) => leftOut.push(type));
  const { width, height, bitDepth, colorType } = header;
  checkPixels(width, height, maxPixels, name);
  const channels = SAMPLES[colorType];
  const step = Math.max(1, channels * bitDepth >> 3);
  const layouts = layOut(header);
  const size = layouts.reduce((sum, { rows, bytes }) => sum + rows * (bytes + 1), 0);
  const filtered = inflateZlib(data, name, size);
  const length = width * height * channels;
  const samples = bitDepth === 16 ? new Uint16Array(length) : new Uint8Array(length);
  let at = 0;
  for (const layout of layouts) {
    const { rows, bytes } = layout;
    const direct = bitDepth === 8 && !header.interlaced;
    // Unfiltering in place needs no extra memory: each line is written behind the position of the next read.
    const lines = direct ? samples as Uint8Array : filtered.subarray(at, at + rows * bytes);
    const unknown = unfilter(filtered, at, rows, bytes, step, lines);
    if (unknown !== null) {
      throw new TypeError(`Cannot read ${name}: the filter type of a line must be 0 to 4 but is ${unknown}`);
    }
    if (!direct) place(lines, layout, header, samples);
    at += rows * (bytes + 1);
  }
  if (colorType === 3) checkIndices(samples, palette!, name);
  if (leftOut.length > 0) {
    onWarning(
      `${name} is damaged, and was read all the same: the checksum of ${leftOut.join(", ")} is wrong`,
    );
  }
  return { width, height, bitDepth, colorType, channels, samples, palette, transparency };
}

function checkIndices(samples: ArrayLike<number>, palette: Uint8Array, name: string): void {
  const entries = palette.length / 3;
  for (let i = 0; i < samples.length; i++) {
    if (samples[i]! >= entries) {
      throw new TypeError(
        `Cannot read ${name}: palette indices must be below ${entries} but pixel ${i} has ${samples[i]}`,
      );
    }
  }
}

/** Palette indices to RGB, or to RGBA if an entry is not opaque. */
function expandPalette({ width, height, samples, palette, transparency }: PngRaster): Image {
  const channels = transparency?.some((alpha) => alpha < 255) ? 4 : 3;
  const data = new Uint8Array(width * height * channels);
  for (let i = 0, to = 0; i < samples.length; i++, to += channels) {
    const index = samples[i]!;
    for (let c = 0; c < 3; c++) data[to + c] = palette![3 * index + c]!;
    if (channels === 4) data[to + 3] = transparency![index] ?? 255;
  }
  return new Image(width, height, channels, data);
}

/**
 * Converts samples of any depth to 8 bits, and a transparent color to an alpha channel. Of 16 bits the upper
 * 8 are kept, as in Pillow; but 16-bit gray is scaled, whereas Pillow turns all values above 255 white.
 */
function expandSamples(raster: PngRaster): Image {
  const { width, height, bitDepth, channels, samples, transparency } = raster;
  const largest = 2 ** bitDepth - 1;
  const keyed = (channels === 1 || channels === 3) && transparency?.length === 2 * channels;
  if (bitDepth === 8 && !keyed) return new Image(width, height, channels, samples as Uint8Array);
  const key = keyed
    ? Array.from({ length: channels }, (_, c) => transparency[2 * c]! << 8 | transparency[2 * c + 1]!)
    : [];
  const outChannels = (keyed ? channels + 1 : channels) as Channels;
  const data = new Uint8Array(width * height * outChannels);
  for (let from = 0, to = 0; from < samples.length; from += channels, to += outChannels) {
    let matches = true;
    for (let c = 0; c < channels; c++) {
      const sample = samples[from + c]!;
      data[to + c] = bitDepth === 8
        ? sample
        : bitDepth === 16 && channels > 1
        ? sample >> 8
        : Math.round(sample * 255 / largest);
      matches &&= sample === key[c];
    }
    if (keyed) data[to + channels] = matches ? 0 : 255;
  }
  return new Image(width, height, outChannels, data);
}

/**
 * Decodes a PNG file to 8 bits per sample. Palettes become RGB; gray of other depths is scaled, other 16-bit
 * samples keep their upper 8 bits; alpha, a transparent color and transparent palette entries become an alpha
 * channel. Gamma, color profiles and the EXIF orientation are not applied.
 *
 * @param bytes The whole file.
 * @param name What errors call it.
 * @throws {TypeError} If it is damaged or truncated.
 * @throws {RangeError} If it has more than `maxPixels` pixels.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { decodePng, encodePng, Image } from "@troodon/datasets";
 *
 * const image = new Image(2, 1, 1, new Uint8Array([0, 255]));
 * assertEquals(decodePng(encodePng(image), "two.png"), image);
 * ```
 */
export function decodePng(bytes: Uint8Array, name: string, options: PngOptions = {}): Image {
  options = readOptions("decodePng()", options, PNG_OPTIONS);
  const raster = readPng(bytes, name, options);
  return raster.colorType === 3 ? expandPalette(raster) : expandSamples(raster);
}
