/** Functions on images that are applied with a probability. */
import { defaultGenerator, type Generator } from "@troodon/core";
import type { Image } from "../image.ts";
import {
  adjustSharpness,
  autocontrast,
  equalize,
  hflip,
  invert,
  posterize,
  solarize,
  vflip,
} from "../imaging/mod.ts";
import {
  type Extents,
  flippingHorizontally,
  flippingVertically,
  type PixelMovement,
  staying,
} from "../imaging/movement.ts";
import { onePixel } from "./check_range.ts";
import { checkProbability } from "./random_choice.ts";
import type { Transform } from "./transform.ts";
import { checkSurplus } from "@troodon/core/kernel";

/** A function of images that is applied with probability `p`. */
export class RandomFunction implements Transform<Image, Image> {
  readonly #change: (image: Image) => Image;
  readonly #p: number;

  /**
   * Takes the function and its probability.
   *
   * @throws {RangeError} If `p` is not in [0, 1].
   */
  constructor(change: (image: Image) => Image, p: number) {
    checkSurplus(new.target.name, arguments, 2);
    this.#change = change;
    this.#p = checkProbability(p);
  }

  /** The image, changed or not. */
  apply(image: Image, generator: Generator = defaultGenerator()): Image {
    return generator.random() < this.#p ? this.#change(image) : image;
  }
}

/**
 * Mirrors an image from left to right with probability `p`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Image, RandomHorizontalFlip } from "@troodon/datasets";
 *
 * const image = new Image(2, 1, 1, new Uint8Array([1, 2]));
 * assertEquals([...new RandomHorizontalFlip(1).apply(image).data], [2, 1]);
 * ```
 */
export class RandomHorizontalFlip extends RandomFunction {
  readonly #p: number;

  /** See {@linkcode RandomFunction}. */
  constructor(p = 0.5) {
    checkSurplus(new.target.name, arguments, 1);
    super(hflip, p);
    this.#p = p;
  }

  /** Draws if the image is mirrored. */
  move(size: Extents, generator: Generator = defaultGenerator()): PixelMovement {
    return generator.random() < this.#p ? flippingHorizontally(size) : staying(size);
  }
}

/** Mirrors an image from top to bottom with probability `p`. */
export class RandomVerticalFlip extends RandomFunction {
  readonly #p: number;

  /** See {@linkcode RandomFunction}. */
  constructor(p = 0.5) {
    checkSurplus(new.target.name, arguments, 1);
    super(vflip, p);
    this.#p = p;
  }

  /** Draws if the image is mirrored. */
  move(size: Extents, generator: Generator = defaultGenerator()): PixelMovement {
    return generator.random() < this.#p ? flippingVertically(size) : staying(size);
  }
}

/** Makes an image gray with probability `p`; it keeps its number of channels. */
export class RandomGrayscale extends RandomFunction {
  /** See {@linkcode ColorTransform}. */
  readonly keepsPlaces: true = true;

  /** See {@linkcode RandomFunction}. */
  constructor(p = 0.1) {
    checkSurplus(new.target.name, arguments, 1);
    super((image) => image.convert(1).convert(image.channels), p);
  }
}

/** Inverts an image with probability `p`. */
export class RandomInvert extends RandomFunction {
  /** See {@linkcode ColorTransform}. */
  readonly keepsPlaces: true = true;

  /** See {@linkcode RandomFunction}. */
  constructor(p = 0.5) {
    checkSurplus(new.target.name, arguments, 1);
    super(invert, p);
  }
}

/** Keeps the highest `bits` bits of the samples with probability `p`. */
export class RandomPosterize extends RandomFunction {
  /** See {@linkcode ColorTransform}. */
  readonly keepsPlaces: true = true;

  /** See {@linkcode RandomFunction}. */
  constructor(bits: number, p = 0.5) {
    checkSurplus(new.target.name, arguments, 2);
    posterize(onePixel(), bits);
    super((image) => posterize(image, bits), p);
  }
}

/** Inverts the samples from `threshold` on with probability `p`. */
export class RandomSolarize extends RandomFunction {
  /** See {@linkcode ColorTransform}. */
  readonly keepsPlaces: true = true;

  /** See {@linkcode RandomFunction}. */
  constructor(threshold: number, p = 0.5) {
    checkSurplus(new.target.name, arguments, 2);
    solarize(onePixel(), threshold);
    super((image) => solarize(image, threshold), p);
  }
}

/** Sharpens an image (a factor below 1 blurs it) with probability `p`. */
export class RandomAdjustSharpness extends RandomFunction {
  /** See {@linkcode ColorTransform}. */
  readonly keepsPlaces: true = true;

  /** See {@linkcode RandomFunction}. */
  constructor(factor: number, p = 0.5) {
    checkSurplus(new.target.name, arguments, 2);
    adjustSharpness(onePixel(), factor);
    super((image) => adjustSharpness(image, factor), p);
  }
}

/** Stretches the contrast of an image with probability `p`. */
export class RandomAutocontrast extends RandomFunction {
  /** See {@linkcode ColorTransform}. */
  readonly keepsPlaces: true = true;

  /** See {@linkcode RandomFunction}. */
  constructor(p = 0.5) {
    checkSurplus(new.target.name, arguments, 1);
    super(autocontrast, p);
  }
}

/** Equalizes the histogram of an image with probability `p`. */
export class RandomEqualize extends RandomFunction {
  /** See {@linkcode ColorTransform}. */
  readonly keepsPlaces: true = true;

  /** See {@linkcode RandomFunction}. */
  constructor(p = 0.5) {
    checkSurplus(new.target.name, arguments, 1);
    super(equalize, p);
  }
}
