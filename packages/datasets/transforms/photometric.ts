/** Color distortions for training detectors, and channels in random order. */
import { defaultGenerator, type Generator } from "@troodon/core";
import { checkSurplus, type OptionKeys, readOptions } from "@troodon/core/kernel";
import type { Image } from "../image.ts";
import { adjustBrightness, adjustContrast, adjustHue, adjustSaturation } from "../imaging/adjust.ts";
import { permuteChannels } from "../imaging/channels.ts";
import { colorChannels } from "../imaging/common.ts";
import { checkRange } from "./check_range.ts";
import { checkProbability, uniform } from "./random_choice.ts";
import type { ColorTransform } from "./transform.ts";

/** Puts the color channels of an image in random order; alpha stays last. */
function shuffled(image: Image, generator: Generator): Image {
  const order = [...generator.permutation(colorChannels(image.channels))];
  if (order.length < image.channels) order.push(image.channels - 1);
  return permuteChannels(image, order);
}

/**
 * Puts the color channels of an image in random order.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Image, RandomChannelPermutation } from "@troodon/datasets";
 *
 * const image = new Image(1, 1, 3, new Uint8Array([1, 2, 3]));
 * assertEquals([...new RandomChannelPermutation().apply(image).data].sort(), [1, 2, 3]);
 * ```
 */
export class RandomChannelPermutation implements ColorTransform {
  /** See {@linkcode ColorTransform}. */
  readonly keepsPlaces: true = true;

  /** Returns the image with its channels in the drawn order. */
  apply(image: Image, generator: Generator = defaultGenerator()): Image {
    return shuffled(image, generator);
  }
}

/** Options of {@linkcode RandomPhotometricDistort}. */
export interface RandomPhotometricDistortOptions {
  /** Range of factors for {@linkcode imaging.adjustBrightness} (default 0.875 to 1.125). */
  readonly brightness?: readonly [number, number];
  /** Range of factors for {@linkcode imaging.adjustContrast} (default 0.5 to 1.5). */
  readonly contrast?: readonly [number, number];
  /** Range of factors for {@linkcode imaging.adjustSaturation} (default 0.5 to 1.5). */
  readonly saturation?: readonly [number, number];
  /** Range of turns for {@linkcode imaging.adjustHue} (default -0.05 to 0.05). */
  readonly hue?: readonly [number, number];
  /** Probability of each change (default 0.5). */
  readonly p?: number;
}
const RANDOM_PHOTOMETRIC_DISTORT_OPTIONS: OptionKeys<RandomPhotometricDistortOptions> = {
  brightness: true,
  contrast: true,
  saturation: true,
  hue: true,
  p: true,
};

/**
 * Changes brightness, contrast, saturation, hue and the order of channels, each with probability `p` (Liu et al., "SSD",
 * 2015).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Image, RandomPhotometricDistort } from "@troodon/datasets";
 *
 * const image = new Image(1, 1, 1, new Uint8Array([100]));
 * const bright = new RandomPhotometricDistort({ brightness: [1.5, 1.5], contrast: [1, 1], p: 1 });
 * assertEquals([...bright.apply(image).data], [150]);
 * ```
 */
export class RandomPhotometricDistort implements ColorTransform {
  /** See {@linkcode ColorTransform}. */
  readonly keepsPlaces: true = true;
  readonly #ranges: Required<Omit<RandomPhotometricDistortOptions, "p">>;
  readonly #p: number;

  /**
   * Sets the ranges.
   *
   * @throws {RangeError} If `p` is not in [0, 1], or a range exceeds the values that its adjustment accepts.
   */
  constructor(options?: RandomPhotometricDistortOptions) {
    checkSurplus(new.target.name, arguments, 1);
    const { p = 0.5, ...ranges } = readOptions(new.target.name, options, RANDOM_PHOTOMETRIC_DISTORT_OPTIONS);
    this.#p = checkProbability(p);
    this.#ranges = {
      brightness: [0.875, 1.125],
      contrast: [0.5, 1.5],
      saturation: [0.5, 1.5],
      hue: [-0.05, 0.05],
      ...ranges,
    };
    for (const [name, range] of Object.entries(this.#ranges)) {
      checkRange(new.target.name, name, range, name === "hue" ? [-0.5, 0.5] : [0, Number.MAX_VALUE]);
    }
  }

  /** Returns the distorted image. */
  apply(image: Image, generator: Generator = defaultGenerator()): Image {
    const chance = (): boolean => generator.random() < this.#p;
    const factor = (range: readonly [number, number]): number | null =>
      chance() ? uniform(generator, range) : null;
    const { brightness, contrast, saturation, hue } = this.#ranges;
    const factors = [brightness, contrast, saturation, hue].map(factor);
    const contrastFirst = generator.random() < 0.5, permutes = chance();
    const adjusted = (f: (image: Image, factor: number) => Image, i: number, applies = true): void => {
      const chosen = factors[i];
      if (applies && chosen !== null && chosen !== undefined) image = f(image, chosen);
    };
    adjusted(adjustBrightness, 0);
    adjusted(adjustContrast, 1, contrastFirst);
    adjusted(adjustSaturation, 2);
    adjusted(adjustHue, 3);
    adjusted(adjustContrast, 1, !contrastFirst);
    return permutes ? shuffled(image, generator) : image;
  }
}
