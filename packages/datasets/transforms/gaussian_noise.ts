import { defaultGenerator, type Generator } from "@troodon/core";
import { checkSurplus, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { Image } from "../image.ts";
import { checkFinite, colorChannels } from "../imaging/common.ts";
import type { ColorTransform } from "./transform.ts";

/** Options of {@linkcode GaussianNoise}. */
export interface GaussianNoiseOptions {
  /** Mean of the noise, as a share of 255 (default 0). */
  readonly mean?: number;
  /** Standard deviation of the noise, as a share of 255 (default 0.1). */
  readonly sigma?: number;
  /** Limits sums to [0, 255] (default true); otherwise they wrap around. */
  readonly clip?: boolean;
}
const GAUSSIAN_NOISE_OPTIONS: OptionKeys<GaussianNoiseOptions> = { mean: true, sigma: true, clip: true };

/**
 * Adds normal noise to every sample, rounded toward zero as torchvision does for bytes. Alpha stays.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { GaussianNoise, Image } from "@troodon/datasets";
 *
 * const image = new Image(2, 1, 1, new Uint8Array([10, 240]));
 * assertEquals([...new GaussianNoise({ mean: 0.2, sigma: 0 }).apply(image).data], [61, 255]);
 * ```
 */
export class GaussianNoise implements ColorTransform {
  /** See {@linkcode ColorTransform}. */
  readonly keepsPlaces: true = true;
  readonly #mean: number;
  readonly #sigma: number;
  readonly #clip: boolean;

  /**
   * Sets the distribution.
   *
   * @throws {RangeError} If a number is not finite, or `sigma` is negative.
   */
  constructor(options?: GaussianNoiseOptions) {
    checkSurplus(new.target.name, arguments, 1);
    const { mean = 0, sigma = 0.1, clip = true } = readOptions(
      new.target.name,
      options,
      GAUSSIAN_NOISE_OPTIONS,
    );
    checkFinite(new.target.name, { mean, sigma });
    if (sigma < 0) {
      throw new RangeError(
        `Cannot make GaussianNoise as sigma must not be negative: current sigma is ${sigma}`,
      );
    }
    this.#mean = mean;
    this.#sigma = sigma;
    this.#clip = clip;
  }

  /** Returns the image with noise. */
  apply(image: Image, generator: Generator = defaultGenerator()): Image {
    const { width, height, channels, data } = image, colors = colorChannels(channels);
    const out = new Uint8Array(data);
    for (let i = 0; i < data.length; i++) {
      if (i % channels >= colors) continue;
      const sum = data[i]! + Math.trunc(255 * (this.#mean + generator.normal() * this.#sigma));
      out[i] = this.#clip ? Math.max(0, Math.min(255, sum)) : sum;
    }
    return new Image(width, height, channels, out);
  }
}
