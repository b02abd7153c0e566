/** Brightness, contrast, saturation, hue and sharpness, byte for byte as torchvision has them on Pillow images. */
import { Image } from "../image.ts";
import { colorChannels } from "./common.ts";

function check(name: string, factor: number): void {
  if (!(factor >= 0 && factor < Infinity)) {
    throw new RangeError(
      `Cannot apply ${name}() as the factor must be finite and must not be negative: current factor is ${factor}`,
    );
  }
}

/** `dull + factor (image - dull)` in float32, rounded down; beyond 1 it leaves `dull` behind. */
function blend(image: Image, factor: number, dull: (i: number) => number): Image {
  const { width, height, channels, data } = image;
  const colors = colorChannels(channels);
  const weight = Math.fround(factor);
  const out = new Uint8Array(data);
  for (let i = 0; i < data.length; i += channels) {
    for (let c = 0; c < colors; c++) {
      const from = dull(i + c);
      const value = Math.fround(from + Math.fround(weight * (data[i + c]! - from)));
      out[i + c] = value <= 0 ? 0 : value >= 255 ? 255 : value;
    }
  }
  return new Image(width, height, channels, out);
}

/**
 * Multiplies the brightness: 0 is black, 1 the image.
 *
 * @throws {RangeError} If `factor` is negative.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Image, imaging } from "@troodon/datasets";
 *
 * const image = new Image(2, 1, 1, new Uint8Array([100, 200]));
 * assertEquals([...imaging.adjustBrightness(image, 1.5).data], [150, 255]);
 * ```
 */
export function adjustBrightness(image: Image, factor: number): Image {
  check("adjustBrightness", factor);
  return blend(image, factor, () => 0);
}

/**
 * Moves samples away from the mean luma of the image: 0 is one gray, 1 the image.
 *
 * @throws {RangeError} If `factor` is negative.
 */
export function adjustContrast(image: Image, factor: number): Image {
  check("adjustContrast", factor);
  const gray = image.convert(1).data;
  const mean = Math.trunc(gray.reduce((sum, v) => sum + v, 0) / gray.length + 0.5);
  return blend(image, factor, () => mean);
}

/**
 * Moves samples away from the luma of their pixel: 0 is gray, 1 the image.
 *
 * @throws {RangeError} If `factor` is negative.
 */
export function adjustSaturation(image: Image, factor: number): Image {
  check("adjustSaturation", factor);
  const { channels } = image;
  if (channels < 3) return image;
  const gray = image.convert(1).data;
  return blend(image, factor, (i) => gray[Math.trunc(i / channels)]!);
}

/**
 * Moves samples away from their neighborhood: 0 is smooth (weights 1, and 5 in the middle, of 13), 1 the image.
 * The outermost pixels stay.
 *
 * @throws {RangeError} If `factor` is negative.
 */
export function adjustSharpness(image: Image, factor: number): Image {
  check("adjustSharpness", factor);
  const { width, height, channels, data } = image;
  const line = width * channels;
  return blend(image, factor, (i) => {
    const x = Math.trunc(i / channels) % width, y = Math.trunc(i / line);
    if (x === 0 || y === 0 || x === width - 1 || y === height - 1) return data[i]!;
    let sum = 4 * data[i]!;
    for (let row = i - line; row <= i + line; row += line) {
      sum += data[row - channels]! + data[row]! + data[row + channels]!;
    }
    return Math.floor(sum / 13 + 0.5);
  });
}

/**
 * Turns the hue: 0.5 and -0.5 are half a turn. Gray images stay as they are. Hue and saturation go through eight
 * bits, as in Pillow.
 *
 * @throws {RangeError} If `factor` is not in [-0.5, 0.5].
 */
export function adjustHue(image: Image, factor: number): Image {
  if (!(factor >= -0.5 && factor <= 0.5)) {
    throw new RangeError(
      `Cannot apply adjustHue() as the factor must be in [-0.5, 0.5]: current factor is ${factor}`,
    );
  }
  const { width, height, channels, data } = image;
  if (channels < 3) return image;
  const turn = Math.trunc(factor * 255) & 255;
  const out = new Uint8Array(data);
  for (let i = 0; i < data.length; i += channels) turnHue(data, out, i, turn);
  return new Image(width, height, channels, out);
}

function turnHue(data: Uint8Array, out: Uint8Array, i: number, turn: number): void {
  const f = Math.fround;
  const r = data[i]!, g = data[i + 1]!, b = data[i + 2]!;
  const v = Math.max(r, g, b), range = v - Math.min(r, g, b);
  if (range === 0) return;
  const rc = f((v - r) / range), gc = f((v - g) / range), bc = f((v - b) / range);
  const sixths = r === v ? f(bc - gc) : g === v ? f(2 + rc - bc) : f(4 + gc - rc);
  const h = (Math.trunc(f((sixths / 6 + 1) % 1) * 255) + turn) & 255;
  const s = Math.trunc(f(range / v) * 255);
  if (s === 0) {
    out[i] = out[i + 1] = out[i + 2] = v;
    return;
  }
  const sector = Math.floor(h * 6 / 255);
  const rest = f(h * 6 / 255 - sector), fs = f(s / 255);
  const p = Math.round(v * (1 - fs));
  const q = Math.round(v * (1 - fs * rest));
  const t = Math.round(v * (1 - fs * (1 - rest)));
  const [red, green, blue] = [[v, t, p], [q, v, p], [p, v, t], [p, q, v], [t, p, v], [v, p, q]][sector % 6]!;
  out[i] = red!;
  out[i + 1] = green!;
  out[i + 2] = blue!;
}
