/** Augmentation by operations drawn at random. */
import { defaultGenerator, type Generator } from "@troodon/core";
import { checkSurplus, type OptionKeys, readOptions } from "@troodon/core/kernel";
import type { Image } from "../image.ts";
import {
  adjustBrightness,
  adjustContrast,
  adjustSaturation,
  adjustSharpness,
  affine,
  autocontrast,
  equalize,
  posterize,
  rotate,
  solarize,
  type WarpOptions,
} from "../imaging/mod.ts";
import { roundHalfEven } from "../imaging/common.ts";
import type { Transform } from "./transform.ts";

/** How strong the operations become at most. */
interface Strength {
  readonly shear: number;
  /** Pixels to move, by the side of the image. */
  readonly move: (side: number) => number;
  readonly degrees: number;
  readonly color: number;
  /** Bits that posterizing takes away. */
  readonly bits: number;
}

/** What one operation does at `level`, a share of its strength, negative in one of two cases where it has a sign. */
type Operation = (image: Image, level: number, strength: Strength, options: WarpOptions) => Image;

const slope = (x: number): number => Math.atan(x) * 180 / Math.PI;
const corner = [0, 0] as const;

/** The operations of AutoAugment without those that blend images, in torchvision's order, and whether they have a sign. */
const OPERATIONS: readonly (readonly [Operation, signed: boolean])[] = [
  [(image) => image, false],
  [(i, x, { shear }, o) => affine(i, { shear: [slope(x * shear), 0], center: corner, ...o }), true],
  [(i, x, { shear }, o) => affine(i, { shear: [0, slope(x * shear)], center: corner, ...o }), true],
  [(i, x, { move }, o) => affine(i, { translate: [Math.trunc(x * move(i.width)), 0], ...o }), true],
  [(i, x, { move }, o) => affine(i, { translate: [0, Math.trunc(x * move(i.height))], ...o }), true],
  [(i, x, { degrees }, o) => rotate(i, x * degrees, o), true],
  [(i, x, { color }) => adjustBrightness(i, 1 + x * color), true],
  [(i, x, { color }) => adjustSaturation(i, 1 + x * color), true],
  [(i, x, { color }) => adjustContrast(i, 1 + x * color), true],
  [(i, x, { color }) => adjustSharpness(i, 1 + x * color), true],
  [(i, x, { bits }) => posterize(i, 8 - roundHalfEven(x * bits)), false],
  [(i, x) => solarize(i, 255 * (1 - x)), false],
  [autocontrast, false],
  [equalize, false],
];

function applyOne(
  image: Image,
  level: number,
  strength: Strength,
  options: WarpOptions,
  generator: Generator,
): Image {
  const [operation, signed] = OPERATIONS[generator.integer(OPERATIONS.length)]!;
  return operation(image, signed && generator.integer(2) === 1 ? -level : level, strength, options);
}

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
  /** Operations in a row (default 2). */
  readonly numOps?: number;
  /** How strong they are: 0 to `numMagnitudeBins - 1` (default 9). */
  readonly magnitude?: number;
  /** Steps of strength (default 31). */
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
 * Some of fourteen operations, drawn at random, all of one strength (Cubuk et al., "RandAugment", 2019).
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
  static readonly #strength: Strength = {
    shear: 0.3,
    move: (side) => 150 / 331 * side,
    degrees: 30,
    color: 0.9,
    bits: 4,
  };
  readonly #numOps: number;
  readonly #level: number;
  readonly #options: WarpOptions;

  /**
   * Chooses the strength.
   *
   * @throws {RangeError} If the magnitude is not below the number of bins.
   */
  constructor(options?: RandAugmentOptions) {
    checkSurplus(new.target.name, arguments, 1);
    const { numOps = 2, magnitude = 9, numMagnitudeBins = 31, ...rest } = readOptions(
      new.target.name,
      options,
      RAND_AUGMENT_OPTIONS,
    );
    checkBins("RandAugment", numMagnitudeBins, magnitude);
    this.#numOps = numOps;
    this.#level = magnitude / (numMagnitudeBins - 1);
    this.#options = rest;
  }

  /** The augmented image. */
  apply(image: Image, generator: Generator = defaultGenerator()): Image {
    for (let i = 0; i < this.#numOps; i++) {
      image = applyOne(image, this.#level, RandAugment.#strength, this.#options, generator);
    }
    return image;
  }
}

/** Options of {@linkcode TrivialAugmentWide}. */
export interface TrivialAugmentWideOptions extends WarpOptions {
  /** Steps of strength (default 31). */
  readonly numMagnitudeBins?: number;
}
const TRIVIAL_AUGMENT_WIDE_OPTIONS: OptionKeys<TrivialAugmentWideOptions> = {
  numMagnitudeBins: true,
  interpolation: true,
  fill: true,
};

/** One of fourteen operations of random, also great, strength (Müller and Hutter, "TrivialAugment", 2021). */
export class TrivialAugmentWide implements Transform<Image, Image> {
  static readonly #strength: Strength = { shear: 0.99, move: () => 32, degrees: 135, color: 0.99, bits: 6 };
  readonly #bins: number;
  readonly #options: WarpOptions;

  /**
   * Chooses the steps.
   *
   * @throws {RangeError} If there are fewer than two.
   */
  constructor(options?: TrivialAugmentWideOptions) {
    checkSurplus(new.target.name, arguments, 1);
    const { numMagnitudeBins = 31, ...rest } = readOptions(
      new.target.name,
      options,
      TRIVIAL_AUGMENT_WIDE_OPTIONS,
    );
    checkBins("TrivialAugmentWide", numMagnitudeBins);
    this.#bins = numMagnitudeBins;
    this.#options = rest;
  }

  /** The augmented image. */
  apply(image: Image, generator: Generator = defaultGenerator()): Image {
    const level = generator.integer(this.#bins) / (this.#bins - 1);
    return applyOne(image, level, TrivialAugmentWide.#strength, this.#options, generator);
  }
}
