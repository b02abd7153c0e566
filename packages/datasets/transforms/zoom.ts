/** Random scales and zooms for training detectors. */
import { defaultGenerator, type Generator } from "@troodon/core";
import { checkSurplus, type OptionKeys, readOptions } from "@troodon/core/kernel";
import type { Image } from "../image.ts";
import { checkChoice, checkFill, type Fill, FILTER_NAMES, type ResizeFilter } from "../imaging/common.ts";
import { cropping, type Extents, type PixelMovement, resizing, staying } from "../imaging/movement.ts";
import { checkInteger, checkRange } from "./check_range.ts";
import { checkProbability, uniform } from "./random_choice.ts";
import type { MovingTransform } from "./transform.ts";

/** Options of {@linkcode ScaleJitter}. */
export interface ScaleJitterOptions {
  /** Range of factors times the scale that fits the image into the target (default 0.1 to 2). */
  readonly scaleRange?: readonly [number, number];
  /** Filter of {@linkcode Resize} (default `"bilinear"`). */
  readonly interpolation?: ResizeFilter;
}
const SCALE_JITTER_OPTIONS: OptionKeys<ScaleJitterOptions> = { scaleRange: true, interpolation: true };

/**
 * Scales an image to a target size times a random factor (Ghiasi et al., "Simple Copy-Paste", 2020).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Image, ScaleJitter } from "@troodon/datasets";
 *
 * const image = new Image(4, 2, 1, new Uint8Array(8));
 * const { width, height } = new ScaleJitter([20, 20], { scaleRange: [0.5, 0.5] }).apply(image);
 * assertEquals([height, width], [5, 10]);
 * ```
 */
export class ScaleJitter implements MovingTransform {
  readonly #target: readonly [number, number];
  readonly #scaleRange: readonly [number, number];
  readonly #interpolation: ResizeFilter;

  /**
   * Sets the target, `[width, height]` as in torchvision.
   *
   * @throws {TypeError} If the interpolation is unknown.
   * @throws {RangeError} If the target does not have positive integers, or the range does not have positive numbers.
   */
  constructor(targetSize: readonly [width: number, height: number], options?: ScaleJitterOptions) {
    checkSurplus(new.target.name, arguments, 2);
    const { scaleRange = [0.1, 2], interpolation = "bilinear" } = readOptions(
      new.target.name,
      options,
      SCALE_JITTER_OPTIONS,
    );
    checkInteger(new.target.name, "width", targetSize[0], 1);
    checkInteger(new.target.name, "height", targetSize[1], 1);
    checkRange(new.target.name, "scaleRange", scaleRange, [Number.MIN_VALUE, Number.MAX_VALUE]);
    checkChoice(new.target.name, "interpolation", interpolation, FILTER_NAMES);
    this.#target = targetSize;
    this.#scaleRange = scaleRange;
    this.#interpolation = interpolation;
  }

  /** Returns the scaled image, with at least one pixel per side. */
  apply(image: Image, generator: Generator = defaultGenerator()): Image {
    return this.move(image, generator).draw(image);
  }

  /** Draws the scale. */
  move(from: Extents, generator: Generator = defaultGenerator()): PixelMovement {
    const [width, height] = this.#target;
    const scale = Math.min(height / from.height, width / from.width) * uniform(generator, this.#scaleRange);
    const size = (n: number): number => Math.max(1, Math.trunc(n * scale));
    return resizing(from, [size(from.height), size(from.width)], this.#interpolation);
  }
}

/** Options of {@linkcode RandomZoomOut}. */
export interface RandomZoomOutOptions {
  /** Color around the image (default 0). */
  readonly fill?: Fill;
  /** Range of factors by which the sides grow (default 1 to 4). */
  readonly sideRange?: readonly [number, number];
  /** Probability of a change (default 0.5). */
  readonly p?: number;
}
const RANDOM_ZOOM_OUT_OPTIONS: OptionKeys<RandomZoomOutOptions> = { fill: true, sideRange: true, p: true };

/**
 * Puts an image at a random place of a larger canvas with probability `p` (Liu et al., "SSD", 2015).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Image, RandomZoomOut } from "@troodon/datasets";
 *
 * const zoomed = new RandomZoomOut({ sideRange: [3, 3], p: 1 }).apply(new Image(1, 1, 1, new Uint8Array([7])));
 * assertEquals([...zoomed.data].sort(), [0, 0, 0, 0, 0, 0, 0, 0, 7]);
 * ```
 */
export class RandomZoomOut implements MovingTransform {
  readonly #fill: Fill;
  readonly #sideRange: readonly [number, number];
  readonly #p: number;

  /**
   * Sets the canvas.
   *
   * @throws {RangeError} If `p` is not in [0, 1], a fill is not in [0, 255], or a factor is below 1.
   */
  constructor(options?: RandomZoomOutOptions) {
    checkSurplus(new.target.name, arguments, 1);
    const { fill = 0, sideRange = [1, 4], p = 0.5 } = readOptions(
      new.target.name,
      options,
      RANDOM_ZOOM_OUT_OPTIONS,
    );
    checkFill(new.target.name, fill);
    checkRange(new.target.name, "sideRange", sideRange, [1, Number.MAX_VALUE]);
    this.#fill = fill;
    this.#sideRange = sideRange;
    this.#p = checkProbability(p);
  }

  /**
   * Returns the image on its canvas, or unchanged.
   *
   * @throws {RangeError} If `fill` does not have one value per channel.
   */
  apply(image: Image, generator: Generator = defaultGenerator()): Image {
    return this.move(image, generator).draw(image);
  }

  /** Draws if the image is zoomed out, the canvas, and the place on it. */
  move(size: Extents, generator: Generator = defaultGenerator()): PixelMovement {
    if (generator.random() >= this.#p) return staying(size);
    const factor = uniform(generator, this.#sideRange);
    const width = Math.trunc(size.width * factor), height = Math.trunc(size.height * factor);
    const left = -Math.trunc((width - size.width) * generator.random()) || 0;
    const top = -Math.trunc((height - size.height) * generator.random()) || 0;
    return cropping({ top, left, height, width }, this.#fill);
  }
}
