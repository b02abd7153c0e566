/** Augmentation with random operations. */
import { defaultGenerator, type Generator } from "@troodon/core";
import { checkSurplus, type OptionKeys, readOptions } from "@troodon/core/kernel";
import type { Image } from "../image.ts";
import { checkWarp, type WarpOptions } from "../imaging/affine.ts";
import { augment, PLAIN_OPERATIONS, USUAL_STRENGTH, WIDE_STRENGTH } from "./augment_operations.ts";
import { checkInteger } from "./check_range.ts";
import type { Transform } from "./transform.ts";

function checkBins(name: string, bins: number, magnitude = 0): void {
  if (
    Number.isInteger(bins) && bins > 1 && Number.isInteger(magnitude) && magnitude >= 0 && magnitude < bins
  ) return;
  throw new RangeError(
    `Cannot make a ${name} as the magnitude must be an integer below the number of bins, which is 2 at least: ` +
      `current magnitude is ${magnitude} of ${bins}`,
  );
}

/** Options of {@linkcode RandAugment}. */
export interface RandAugmentOptions extends WarpOptions {
  /** Number of operations (default 2). */
  readonly numOps?: number;
  /** Magnitude of the operations: 0 to `numMagnitudeBins - 1` (default 9). */
  readonly magnitude?: number;
  /** Number of magnitudes (default 31). */
  readonly numMagnitudeBins?: number;
}
const RAND_AUGMENT_OPTIONS: OptionKeys<RandAugmentOptions> = {
  numOps: true,
  magnitude: true,
  numMagnitudeBins: true,
  interpolation: true,
  fill: true,
};

/**
 * Applies random ones of fourteen operations, all with the same magnitude (Cubuk et al., "RandAugment", 2019).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Generator } from "@troodon/core";
 * import { Image, RandAugment } from "@troodon/datasets";
 *
 * const image = new Image(2, 2, 3, new Uint8Array(12).map((_, i) => 20 * i));
 * const augment = new RandAugment({ magnitude: 20 });
 * assertEquals(augment.apply(image, new Generator(1)), augment.apply(image, new Generator(1)));
 * ```
 */
export class RandAugment implements Transform<Image, Image> {
  readonly #numOps: number;
  readonly #magnitude: number;
  readonly #bins: number;
  readonly #options: WarpOptions;

  /**
   * Sets the magnitude.
   *
   * @throws {TypeError} If the interpolation is unknown.
   * @throws {RangeError} If the magnitude is not below the number of bins, or `numOps` is not a number of operations.
   */
  constructor(options?: RandAugmentOptions) {
    checkSurplus(new.target.name, arguments, 1);
    const { numOps = 2, magnitude = 9, numMagnitudeBins = 31, ...rest } = readOptions(
      new.target.name,
      options,
      RAND_AUGMENT_OPTIONS,
    );
    checkBins("RandAugment", numMagnitudeBins, magnitude);
    checkWarp(new.target.name, rest);
    this.#numOps = checkInteger(new.target.name, "numOps", numOps, 0);
    this.#magnitude = magnitude;
    this.#bins = numMagnitudeBins;
    this.#options = rest;
  }

  /** Returns the augmented image. */
  apply(image: Image, generator: Generator = defaultGenerator()): Image {
    for (let i = 0; i < this.#numOps; i++) {
      const name = PLAIN_OPERATIONS[generator.integer(PLAIN_OPERATIONS.length)]!;
      image = augment(image, name, [this.#magnitude, this.#bins], USUAL_STRENGTH, this.#options, generator);
    }
    return image;
  }
}

/** Options of {@linkcode TrivialAugmentWide}. */
export interface TrivialAugmentWideOptions extends WarpOptions {
  /** Number of magnitudes (default 31). */
  readonly numMagnitudeBins?: number;
}
const TRIVIAL_AUGMENT_WIDE_OPTIONS: OptionKeys<TrivialAugmentWideOptions> = {
  numMagnitudeBins: true,
  interpolation: true,
  fill: true,
};

/**
 * Applies one of fourteen operations with a random magnitude from a wide range (Müller and Hutter, "TrivialAugment",
 * 2021).
 */
export class TrivialAugmentWide implements Transform<Image, Image> {
  readonly #bins: number;
  readonly #options: WarpOptions;

  /**
   * Sets the number of magnitudes.
   *
   * @throws {RangeError} If there are fewer than two magnitudes.
   */
  constructor(options?: TrivialAugmentWideOptions) {
    checkSurplus(new.target.name, arguments, 1);
    const { numMagnitudeBins = 31, ...rest } = readOptions(
      new.target.name,
      options,
      TRIVIAL_AUGMENT_WIDE_OPTIONS,
    );
    checkBins("TrivialAugmentWide", numMagnitudeBins);
    checkWarp(new.target.name, rest);
    this.#bins = numMagnitudeBins;
    this.#options = rest;
  }

  /** Returns the augmented image. */
  apply(image: Image, generator: Generator = defaultGenerator()): Image {
    const index = generator.integer(this.#bins);
    const name = PLAIN_OPERATIONS[generator.integer(PLAIN_OPERATIONS.length)]!;
    return augment(image, name, [index, this.#bins], WIDE_STRENGTH, this.#options, generator);
  }
}
