/** Turned, sheared, tilted and crumpled images. */
import { defaultGenerator, type Generator } from "@troodon/core";
import { checkSurplus, type OptionKeys, readOptions } from "@troodon/core/kernel";
import type { Image } from "../image.ts";
import { affine, rotate, ROTATE_OPTIONS, type RotateOptions, type WarpOptions } from "../imaging/affine.ts";
import { blurField } from "../imaging/blur.ts";
import { roundHalfEven } from "../imaging/common.ts";
import { elastic, type ElasticOptions } from "../imaging/elastic.ts";
import { perspective } from "../imaging/perspective.ts";
import { checkProbability, uniform } from "./random_choice.ts";
import type { Transform } from "./transform.ts";

/** A range, or one number for as much to both sides. */
export type Degrees = number | readonly [number, number];

function rangeOf(degrees: Degrees): readonly [number, number] {
  const range = typeof degrees === "number" ? [-degrees, degrees] as const : degrees;
  if (range[0] <= range[1]) return range;
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
export class RandomRotation implements Transform<Image, Image> {
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
    this.#options = options;
  }

  /** The turned image. */
  apply(image: Image, generator: Generator = defaultGenerator()): Image {
    return rotate(image, uniform(generator, this.#degrees), this.#options);
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
  /** What stays in place, `[x, y]` in pixels (default: the middle). */
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

/** Turns, moves, grows and shears an image at random. */
export class RandomAffine implements Transform<Image, Image> {
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
    const { translate = [0, 0], scale = [1, 1] } = options;
    if (!translate.every((t) => t >= 0 && t <= 1) || !(scale[0] > 0 && scale[0] <= scale[1])) {
      throw new RangeError(
        "Cannot make a RandomAffine as translate must be in [0, 1] and scale a range of positive numbers: " +
          `current translate is ${translate} and scale is ${scale}`,
      );
    }
    this.#degrees = rangeOf(degrees);
    this.#options = options;
  }

  /** The changed image. */
  apply(image: Image, generator: Generator = defaultGenerator()): Image {
    const { translate = [0, 0], scale = [1, 1], shear = 0, ...options } = this.#options;
    const [x0, x1, y0 = 0, y1 = 0] = typeof shear === "number" ? [-shear, shear] : shear;
    const shift = (share: number, size: number): number =>
      roundHalfEven(uniform(generator, [-share * size, share * size])) || 0;
    return affine(image, {
      angle: uniform(generator, this.#degrees),
      translate: [shift(translate[0], image.width), shift(translate[1], image.height)],
      scale: uniform(generator, scale),
      shear: [uniform(generator, [x0, x1]), uniform(generator, [y0, y1])],
      ...options,
    });
  }
}

/** Options of {@linkcode RandomPerspective}. */
export interface RandomPerspectiveOptions extends WarpOptions {
  /** How far corners may move, as a share of half the side (default 0.5). */
  readonly distortionScale?: number;
  /** How likely it is (default 0.5). */
  readonly p?: number;
}
const RANDOM_PERSPECTIVE_OPTIONS: OptionKeys<RandomPerspectiveOptions> = {
  distortionScale: true,
  p: true,
  interpolation: true,
  fill: true,
};

/** Moves the corners of an image inwards at random; bilinear if not told otherwise. */
export class RandomPerspective implements Transform<Image, Image> {
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
    this.#options = { interpolation: "bilinear", ...rest };
  }

  /** The image, tilted or not. */
  apply(image: Image, generator: Generator = defaultGenerator()): Image {
    if (generator.random() >= this.#p) return image;
    const right = image.width - 1, bottom = image.height - 1;
    const inward = (size: number): number => generator.integer(Math.floor(this.#scale * (size >> 1)) + 1);
    const x = (): number => inward(image.width), y = (): number => inward(image.height);
    return perspective(image, {
      from: [[0, 0], [right, 0], [right, bottom], [0, bottom]],
      to: [[x(), y()], [right - x(), y()], [right - x(), bottom - y()], [x(), bottom - y()]],
    }, this.#options);
  }
}

/** Options of {@linkcode ElasticTransform}. */
export interface ElasticTransformOptions extends ElasticOptions {
  /** How far pixels are moved, along x and along y (default 50). */
  readonly alpha?: number | readonly [number, number];
  /** How smooth the movement is (default 5). */
  readonly sigma?: number | readonly [number, number];
}
const ELASTIC_TRANSFORM_OPTIONS: OptionKeys<ElasticTransformOptions> = {
  alpha: true,
  sigma: true,
  interpolation: true,
  fill: true,
};

/** Crumples an image: every pixel comes from a random place nearby, neighbors from similar ones. */
export class ElasticTransform implements Transform<Image, Image> {
  readonly #alpha: readonly [number, number];
  readonly #sigma: readonly [number, number];
  readonly #options: ElasticOptions;

  /** Chooses the strength. */
  constructor(options?: ElasticTransformOptions) {
    checkSurplus(new.target.name, arguments, 1);
    const { alpha = 50, sigma = 5, ...rest } = readOptions(
      new.target.name,
      options,
      ELASTIC_TRANSFORM_OPTIONS,
    );
    this.#alpha = typeof alpha === "number" ? [alpha, alpha] : alpha;
    this.#sigma = typeof sigma === "number" ? [sigma, sigma] : sigma;
    this.#options = rest;
  }

  /**
   * The crumpled image.
   *
   * @throws {RangeError} If `sigma` is too large for the image: it must have more than `4 sigma` pixels a side.
   */
  apply(image: Image, generator: Generator = defaultGenerator()): Image {
    const { width, height } = image;
    const field = (axis: 0 | 1, side: number): Float64Array => {
      const noise = Float64Array.from({ length: width * height }, () => 2 * generator.random() - 1);
      const sigma = this.#sigma[axis];
      const size = Math.trunc(8 * sigma + 1) | 1;
      const smooth = sigma > 0 ? blurField(noise, [height, width, 1], [size, size], [sigma, sigma]) : noise;
      return smooth.map((d) => d * this.#alpha[axis] / side);
    };
    const dx = field(0, height);
    return elastic(image, { dx, dy: field(1, width) }, this.#options);
  }
}
