/** Functions of single samples, by tables of 256 bytes. */
import { Image } from "../image.ts";
import { colorChannels } from "./common.ts";

function map(image: Image, tables: readonly Uint8Array[]): Image {
  const { width, height, channels, data } = image;
  const out = new Uint8Array(data);
  const colors = colorChannels(channels);
  for (let c = 0; c < colors; c++) {
    const table = tables[c] ?? tables[0]!;
    for (let i = c; i < out.length; i += channels) out[i] = table[data[i]!]!;
  }
  return new Image(width, height, channels, out);
}

const tableOf = (f: (byte: number) => number): Uint8Array => Uint8Array.from({ length: 256 }, (_, i) => f(i));

function histograms({ channels, data }: Image): Uint32Array[] {
  return Array.from({ length: colorChannels(channels) }, (_, c) => {
    const counts = new Uint32Array(256);
    for (let i = c; i < data.length; i += channels) counts[data[i]!]!++;
    return counts;
  });
}

/** The negative of an image. Alpha stays, as in all functions here. */
export function invert(image: Image): Image {
  return map(image, [tableOf((v) => 255 - v)]);
}

/**
 * Keeps the highest `bits` bits of every sample.
 *
 * @throws {RangeError} If `bits` is not an integer in [0, 8].
 */
export function posterize(image: Image, bits: number): Image {
  if (!Number.isInteger(bits) || bits < 0 || bits > 8) {
    throw new RangeError(
      `Cannot apply posterize() as bits must be an integer in [0, 8]: current bits is ${bits}`,
    );
  }
  return map(image, [tableOf((v) => v & ~(2 ** (8 - bits) - 1))]);
}

/**
 * Inverts the samples from `threshold` upwards.
 *
 * @throws {RangeError} If `threshold` is NaN.
 */
export function solarize(image: Image, threshold: number): Image {
  if (Number.isNaN(threshold)) {
    throw new RangeError("Cannot apply solarize() as threshold must be a number: current threshold is NaN");
  }
  return map(image, [tableOf((v) => v < threshold ? v : 255 - v)]);
}

/**
 * Raises samples, as shares of 255, to the power `gamma` and multiplies them by `gain`. A `gamma` above 1 darkens
 * shadows.
 *
 * @throws {RangeError} If `gamma` or `gain` is negative or not finite.
 */
export function adjustGamma(image: Image, gamma: number, gain = 1): Image {
  if (!(gamma >= 0 && gamma < Infinity && gain >= 0 && gain < Infinity)) {
    throw new RangeError(
      `Cannot apply adjustGamma() as gamma and gain must be nonnegative: current ones are ${gamma} and ${gain}`,
    );
  }
  return map(image, [tableOf((v) => Math.min(255, Math.trunc((256 - 1e-3) * gain * (v / 255) ** gamma)))]);
}

/** Stretches each channel so that its darkest sample is 0 and its lightest 255. */
export function autocontrast(image: Image): Image {
  return map(
    image,
    histograms(image).map((counts) => {
      const low = counts.findIndex((n) => n > 0), high = counts.findLastIndex((n) => n > 0);
      if (high <= low) return tableOf((v) => v);
      const scale = 255 / (high - low), offset = -low * scale;
      return tableOf((v) => Math.min(255, Math.max(0, Math.trunc(v * scale + offset))));
    }),
  );
}

/** Spreads each channel so that all samples are about equally frequent. */
export function equalize(image: Image): Image {
  return map(
    image,
    histograms(image).map((counts) => {
      const last = counts.findLast((n) => n > 0) ?? 0;
      const step = Math.floor((counts.reduce((a, b) => a + b, 0) - last) / 255);
      if (step === 0) return tableOf((v) => v);
      let sum = Math.floor(step / 2);
      return tableOf((v) => {
        const value = Math.floor(sum / step);
        sum += counts[v]!;
        return Math.min(255, value);
      });
    }),
  );
}
