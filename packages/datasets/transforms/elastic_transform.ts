import { defaultGenerator, type Generator } from "@troodon/core";
import { checkSurplus, type OptionKeys, readOptions } from "@troodon/core/kernel";
import type { Image } from "../image.ts";
import { blurField } from "../imaging/blur.ts";
import { checkChoice, checkFill, checkFinite } from "../imaging/common.ts";
import type { Extents, PixelMovement } from "../imaging/movement.ts";
import { elastic, type ElasticOptions } from "../imaging/elastic.ts";
import type { MovingTransform } from "./transform.ts";

/**
 * Returns displacements along axis 0 (x) or 1 (y), in halves of that side, from noise in [-1, 1]. As in torchvision,
 * the axis decides the size of the kernel, and the noise is blurred along both axes with their sigmas, unless this axis
 * has sigma 0.
 *
 * @throws {RangeError} If the kernel is too large for the image.
 */
export function displacementOf(
  noise: Float64Array,
  { width, height }: Pick<Image, "width" | "height">,
  axis: 0 | 1,
  alpha: readonly [number, number],
  sigma: readonly [number, number],
): Float64Array {
  const size = Math.trunc(8 * sigma[axis] + 1) | 1;
  const smooth = sigma[axis] > 0 ? blurField(noise, [height, width, 1], [size, size], sigma) : noise;
  return smooth.map((d) => d * alpha[axis] / (axis === 0 ? width : height));
}

/** Options of {@linkcode ElasticTransform}. */
export interface ElasticTransformOptions extends ElasticOptions {
  /** Size of the displacements along x and along y (default 50). */
  readonly alpha?: number | readonly [number, number];
  /** Smoothness of the displacements (default 5). */
  readonly sigma?: number | readonly [number, number];
}
const ELASTIC_TRANSFORM_OPTIONS: OptionKeys<ElasticTransformOptions> = {
  alpha: true,
  sigma: true,
  interpolation: true,
  fill: true,
};

/**
 * Distorts an image elastically: every pixel comes from a random place nearby, neighboring pixels from similar ones.
 */
export class ElasticTransform implements MovingTransform {
  readonly #alpha: readonly [number, number];
  readonly #sigma: readonly [number, number];
  readonly #options: ElasticOptions;

  /**
   * Sets the strength.
   *
   * @throws {TypeError} If the interpolation is unknown.
   * @throws {RangeError} If a number is not finite, `sigma` is negative, or a fill is not in [0, 255].
   */
  constructor(options?: ElasticTransformOptions) {
    checkSurplus(new.target.name, arguments, 1);
    const { alpha = 50, sigma = 5, ...rest } = readOptions(
      new.target.name,
      options,
      ELASTIC_TRANSFORM_OPTIONS,
    );
    this.#alpha = typeof alpha === "number" ? [alpha, alpha] : alpha;
    this.#sigma = typeof sigma === "number" ? [sigma, sigma] : sigma;
    checkFinite(new.target.name, { alpha: this.#alpha, sigma: this.#sigma }, 2);
    if (this.#sigma.some((s) => s < 0)) {
      throw new RangeError(
        `Cannot make ElasticTransform as sigma must not be negative: current sigma is [${
          this.#sigma.join(", ")
        }]`,
      );
    }
    checkChoice(new.target.name, "interpolation", rest.interpolation ?? "bilinear", ["nearest", "bilinear"]);
    checkFill(new.target.name, rest.fill ?? 0);
    this.#options = rest;
  }

  /**
   * Returns the distorted image.
   *
   * @throws {RangeError} If `sigma` is too large: each side of the image must have more than `4 sigma` pixels.
   */
  apply(image: Image, generator: Generator = defaultGenerator()): Image {
    return this.move(image, generator).draw(image);
  }

  /**
   * Draws the displacements. Points move opposite to the displacement of their pixel, which approximates the inverse if
   * displacements are small.
   *
   * @throws {RangeError} If `sigma` is too large for the image.
   */
  move(size: Extents, generator: Generator = defaultGenerator()): PixelMovement {
    const { width, height } = size;
    const noise = (): Float64Array =>
      Float64Array.from({ length: width * height }, () => 2 * generator.random() - 1);
    const dx = displacementOf(noise(), size, 0, this.#alpha, this.#sigma);
    const dy = displacementOf(noise(), size, 1, this.#alpha, this.#sigma);
    const pixel = (at: number, n: number): number => Math.max(0, Math.min(n - 1, Math.ceil(at)));
    return {
      width,
      height,
      cuts: true,
      draw: (image, isMask = false) =>
        elastic(image, { dx, dy }, isMask ? { interpolation: "nearest" } : this.#options),
      point: (x, y) => {
        const column = pixel(x, width), row = pixel(y, height), at = row * width + column;
        return [column - dx[at]! * width / 2, row - dy[at]! * height / 2];
      },
    };
  }
}
