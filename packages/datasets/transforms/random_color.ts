/** Images in other light, and out of focus. */
import { defaultGenerator, type Generator } from "@troodon/core";
import { checkSurplus, type OptionKeys, readOptions } from "@troodon/core/kernel";
import type { Image } from "../image.ts";
import {
  adjustBrightness,
  adjustContrast,
  adjustHue,
  adjustSaturation,
  gaussianBlur,
} from "../imaging/mod.ts";
import { uniform } from "./random_choice.ts";
import type { ColorTransform } from "./transform.ts";

/** A range of factors, or `x` for those from `1 - x` (at least 0) to `1 + x`; of hues, from `-x` to `x`. */
export type Jitter = number | readonly [number, number];

/** Options of {@linkcode ColorJitter}; what is not named stays. */
export interface ColorJitterOptions {
  /** See {@linkcode imaging.adjustBrightness}. */
  readonly brightness?: Jitter;
  /** See {@linkcode imaging.adjustContrast}. */
  readonly contrast?: Jitter;
  /** See {@linkcode imaging.adjustSaturation}. */
  readonly saturation?: Jitter;
  /** See {@linkcode imaging.adjustHue}: within [-0.5, 0.5]. */
  readonly hue?: Jitter;
}
const COLOR_JITTER_OPTIONS: OptionKeys<ColorJitterOptions> = {
  brightness: true,
  contrast: true,
  saturation: true,
  hue: true,
};

type Adjust = (image: Image, factor: number) => Image;

const ADJUSTMENTS:
  readonly (readonly [keyof ColorJitterOptions, Adjust, middle: number, low: number, high: number])[] = [
    ["brightness", adjustBrightness, 1, 0, Infinity],
    ["contrast", adjustContrast, 1, 0, Infinity],
    ["saturation", adjustSaturation, 1, 0, Infinity],
    ["hue", adjustHue, 0, -0.5, 0.5],
  ];

/**
 * Changes brightness, contrast, saturation and hue at random, in random order.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ColorJitter, Image } from "@troodon/datasets";
 *
 * const image = new Image(1, 1, 1, new Uint8Array([100]));
 * assertEquals([...new ColorJitter({ brightness: [2, 2] }).apply(image).data], [200]);
 * ```
 */
export class ColorJitter implements ColorTransform {
  /** See {@linkcode ColorTransform}. */
  readonly keepsPlaces: true = true;
  readonly #steps: readonly { readonly adjust: Adjust; readonly range: readonly [number, number] }[];

  /**
   * Chooses the ranges.
   *
   * @throws {RangeError} If a range is none, or leaves what its adjustment takes.
   */
  constructor(options: ColorJitterOptions) {
    checkSurplus(new.target.name, arguments, 1);
    options = readOptions(new.target.name, options, COLOR_JITTER_OPTIONS);
    this.#steps = ADJUSTMENTS.flatMap(([name, adjust, middle, least, most]) => {
      const jitter = options[name];
      if (jitter === undefined || jitter === 0) return [];
      const [low, high] = typeof jitter === "number"
        ? [middle === 1 ? Math.max(0, 1 - jitter) : -jitter, middle + jitter]
        : jitter;
      if (!(low >= least && low <= high && high <= most && high < Infinity)) {
        throw new RangeError(
          `Cannot make a ColorJitter as ${name} must be a range within [${least}, ${most}]: current ${name} is ` +
            `${jitter}`,
        );
      }
      return [{ adjust, range: [low, high] as const }];
    });
  }

  /** The image in other light. */
  apply(image: Image, generator: Generator = defaultGenerator()): Image {
    const order = generator.permutation(this.#steps.length);
    const factors = this.#steps.map(({ range }) => uniform(generator, range));
    return order.reduce((changed, i) => this.#steps[i]!.adjust(changed, factors[i]!), image);
  }
}

/** Options of {@linkcode GaussianBlur}. */
export interface GaussianBlurOptions {
  /** The deviation, or its range (default 0.1 to 2). */
  readonly sigma?: number | readonly [number, number];
}
const GAUSSIAN_BLUR_OPTIONS: OptionKeys<GaussianBlurOptions> = { sigma: true };

/** Blurs an image by a random width; see {@linkcode imaging.gaussianBlur}. */
export class GaussianBlur implements ColorTransform {
  /** See {@linkcode ColorTransform}. */
  readonly keepsPlaces: true = true;
  readonly #kernelSize: number | readonly [number, number];
  readonly #sigma: readonly [number, number];

  /**
   * Chooses the kernel.
   *
   * @param kernelSize Columns and rows that are weighed, odd.
   * @throws {RangeError} If a size is not an odd positive integer, or `sigma` is not a range of positive numbers.
   */
  constructor(
    kernelSize: number | readonly [number, number],
    options?: GaussianBlurOptions,
  ) {
    checkSurplus(new.target.name, arguments, 2);
    const { sigma = [0.1, 2] } = readOptions(new.target.name, options, GAUSSIAN_BLUR_OPTIONS);
    this.#kernelSize = kernelSize;
    this.#sigma = typeof sigma === "number" ? [sigma, sigma] : sigma;
    if (![kernelSize].flat().every((k) => Number.isInteger(k) && k > 0 && k % 2 === 1)) {
      throw new RangeError(
        `Cannot blur as kernel sizes must be odd positive integers: current sizes are ${kernelSize}`,
      );
    }
    if (!(this.#sigma[0] > 0 && this.#sigma[0] <= this.#sigma[1] && this.#sigma[1] < Infinity)) {
      throw new RangeError(
        `Cannot blur as sigma must be a range of positive numbers: current sigma is ${sigma}`,
      );
    }
  }

  /**
   * The blurred image.
   *
   * @throws {RangeError} If the kernel is too large for the image.
   */
  apply(image: Image, generator: Generator = defaultGenerator()): Image {
    return gaussianBlur(image, this.#kernelSize, uniform(generator, this.#sigma));
  }
}
