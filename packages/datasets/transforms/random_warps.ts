/** Random rotations, affine maps and changes of perspective. */
import { defaultGenerator, type Generator } from "@troodon/core";
import { checkSurplus, type OptionKeys, readOptions } from "@troodon/core/kernel";
import type { Image } from "../image.ts";
import { checkWarp, ROTATE_OPTIONS, type RotateOptions, type WarpOptions } from "../imaging/affine.ts";
import { roundHalfEven } from "../imaging/common.ts";
import { type Extents, type PixelMovement, staying } from "../imaging/movement.ts";
import { affining, rotating, tilting } from "../imaging/warp_movements.ts";
import { checkRange } from "./check_range.ts";
import { checkProbability, uniform } from "./random_choice.ts";
import type { MovingTransform } from "./transform.ts";

/** A range, or one number for as much to both sides. */
export type Degrees = number | readonly [number, number];

function rangeOf(degrees: Degrees): readonly [number, number] {
  const range = typeof degrees === "number" ? [-degrees, degrees] as const : degrees;
  if (range.length === 2 && range[0] <= range[1] && range.every(Number.isFinite)) return range;
  throw new RangeError(
    `Cannot turn images as degrees must be a nonnegative number or a range: current degrees is ${degrees}`,
  );
}

/**
 * Turns an image by a random angle.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Image, RandomRotation } from "@troodon/datasets";
 *
 * const image = new Image(2, 1, 1, new Uint8Array([1, 2]));
 * assertEquals([...new RandomRotation([180, 180]).apply(image).data], [2, 1]);
 * ```
 */
export class RandomRotation implements MovingTransform {
  readonly #degrees: readonly [number, number];
  readonly #options: RotateOptions;

  /**
   * Chooses the angles, counterclockwise.
   *
   * @throws {RangeError} If `degrees` is no range.
   */
  constructor(degrees: Degrees, options: RotateOptions = {}) {
    checkSurplus(new.target.name, arguments, 2);
    options = readOptions(new.target.name, options, ROTATE_OPTIONS);
    this.#degrees = rangeOf(degrees);
    checkWarp(new.target.name, options);
    this.#options = options;
  }

  /** The turned image. */
  apply(image: Image, generator: Generator = defaultGenerator()): Image {
    return this.move(image, generator).draw(image);
  }

  /** Draws the angle. */
  move(size: Extents, generator: Generator = defaultGenerator()): PixelMovement {
    return rotating(size, uniform(generator, this.#degrees), this.#options);
  }
}

/** Options of {@linkcode RandomAffine}. */
export interface RandomAffineOptions extends WarpOptions {
  /** The most to move by, as shares of width and height (default none). */
  readonly translate?: readonly [number, number];
  /** The range of factors to grow by (default none). */
  readonly scale?: readonly [number, number];
  /** Degrees to shear along x; a third and a fourth number are the range along y (default none). */
  readonly shear?: Degrees | readonly [number, number, number, number];
  /** Point that stays in place, `[x, y]` in pixels (default: the middle). */
  readonly center?: readonly [number, number];
}
const RANDOM_AFFINE_OPTIONS: OptionKeys<RandomAffineOptions> = {
  translate: true,
  scale: true,
  shear: true,
  center: true,
  interpolation: true,
  fill: true,
};

/** The ranges of degrees to shear along x and along y. */
function shearsOf(
  shear: Degrees | readonly [number, number, number, number],
): readonly [number, number, number, number] {
  if (typeof shear === "number") return [-shear, shear, 0, 0];
  return shear.length === 2 ? [...shear, 0, 0] : shear;
}

/** Turns, moves, grows and shears an image at random. */
export class RandomAffine implements MovingTransform {
  readonly #degrees: readonly [number, number];
  readonly #options: RandomAffineOptions;

  /**
   * Chooses the angles, clockwise, and the rest.
   *
   * @throws {RangeError} If a range is none.
   */
  constructor(degrees: Degrees, options: RandomAffineOptions = {}) {
    checkSurplus(new.target.name, arguments, 2);
    options = readOptions(new.target.name, options, RANDOM_AFFINE_OPTIONS);
    const { translate = [0, 0], scale = [1, 1], shear = 0, ...rest } = options;
    if (translate.length !== 2 || !translate.every((t) => t >= 0 && t <= 1)) {
      throw new RangeError(
        `Cannot make RandomAffine as translate must be two numbers in [0, 1]: current translate is [${
          translate.join(", ")
        }]`,
      );
    }
    checkRange(new.target.name, "scale", scale, [Number.MIN_VALUE, Number.MAX_VALUE]);
    const sheared = shearsOf(shear);
    checkRange(new.target.name, "shear", sheared.slice(0, 2));
    checkRange(new.target.name, "shear", sheared.slice(2));
    checkWarp(new.target.name, rest);
    this.#degrees = rangeOf(degrees);
    this.#options = options;
  }

  /** The changed image. */
  apply(image: Image, generator: Generator = defaultGenerator()): Image {
    return this.move(image, generator).draw(image);
  }

  /** Draws the angle, the translation, the scale and the shear. */
  move(size: Extents, generator: Generator = defaultGenerator()): PixelMovement {
    const { translate = [0, 0], scale = [1, 1], shear = 0, ...options } = this.#options;
    const [x0, x1, y0, y1] = shearsOf(shear);
    const shift = (share: number, side: number): number =>
      roundHalfEven(uniform(generator, [-share * side, share * side])) || 0;
    return affining(size, {
      angle: uniform(generator, this.#degrees),
      translate: [shift(translate[0], size.width), shift(translate[1], size.height)],
      scale: uniform(generator, scale),
      shear: [uniform(generator, [x0, x1]), uniform(generator, [y0, y1])],
      ...options,
    });
  }
}

/** Options of {@linkcode RandomPerspective}. */
export interface RandomPerspectiveOptions extends WarpOptions {
  /** Largest movement of corners, as a share of half the side (default 0.5). */
  readonly distortionScale?: number;
  /** Probability of a change (default 0.5). */
  readonly p?: number;
}
const RANDOM_PERSPECTIVE_OPTIONS: OptionKeys<RandomPerspectiveOptions> = {
  distortionScale: true,
  p: true,
  interpolation: true,
  fill: true,
};

/** Moves the corners of an image inwards at random; bilinear if not told otherwise. */
export class RandomPerspective implements MovingTransform {
  readonly #p: number;
  readonly #scale: number;
  readonly #options: WarpOptions;

  /**
   * Chooses the distortion.
   *
   * @throws {RangeError} If `p` or `distortionScale` is not in [0, 1].
   */
  constructor(options?: RandomPerspectiveOptions) {
    checkSurplus(new.target.name, arguments, 1);
    const { p = 0.5, distortionScale = 0.5, ...rest } = readOptions(
      new.target.name,
      options,
      RANDOM_PERSPECTIVE_OPTIONS,
    );
    this.#p = checkProbability(p);
    this.#scale = checkProbability(distortionScale);
    checkWarp(new.target.name, rest);
    this.#options = { interpolation: "bilinear", ...rest };
  }

  /** The image, tilted or not. */
  apply(image: Image, generator: Generator = defaultGenerator()): Image {
    return this.move(image, generator).draw(image);
  }

  /** Draws if the image is tilted, and its corners. */
  move(size: Extents, generator: Generator = defaultGenerator()): PixelMovement {
    if (generator.random() >= this.#p) return staying(size);
    const right = size.width - 1, bottom = size.height - 1;
    const inward = (side: number): number => generator.integer(Math.floor(this.#scale * (side >> 1)) + 1);
    const x = (): number => inward(size.width), y = (): number => inward(size.height);
    return tilting(size, {
      from: [[0, 0], [right, 0], [right, bottom], [0, bottom]],
      to: [[x(), y()], [right - x(), y()], [right - x(), bottom - y()], [x(), bottom - y()]],
    }, this.#options);
  }
}
