import { defaultGenerator, type Generator } from "@troodon/core";
import { checkSurplus, type OptionKeys, readOptions, showArgument } from "@troodon/core/kernel";
import { roundHalfEven } from "../imaging/common.ts";
import { NdArray } from "../nd_array.ts";
import { checkRange } from "./check_range.ts";
import { checkProbability, uniform } from "./random_choice.ts";
import type { Transform } from "./transform.ts";

/** Options of {@linkcode RandomErasing}. */
export interface RandomErasingOptions {
  /** Probability (default 0.5). */
  readonly p?: number;
  /** The share of the area that is erased, from and to (default 0.02 to 0.33). */
  readonly scale?: readonly [number, number];
  /** Height by width of what is erased, from and to (default 0.3 to 3.3). */
  readonly ratio?: readonly [number, number];
  /** Values to write: a number, one for each channel, or standard normal noise (default 0). */
  readonly value?: number | readonly number[] | "random";
}
const RANDOM_ERASING_OPTIONS: OptionKeys<RandomErasingOptions> = {
  p: true,
  scale: true,
  ratio: true,
  value: true,
};

/**
 * Erases a rectangle of an array `[channels, height, width]` (Zhong et al., "Random erasing data augmentation", 2017):
 * for after `ToTensor`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Generator } from "@troodon/core";
 * import { NdArray, RandomErasing } from "@troodon/datasets";
 *
 * const ones = new NdArray(new Float32Array(100).fill(1), [1, 10, 10]);
 * const { data } = new RandomErasing({ p: 1, scale: [0.04, 0.04], ratio: [1, 1] }).apply(ones, new Generator(1));
 * assertEquals(data.filter((x) => x === 0).length, 4);
 * ```
 */
export class RandomErasing implements Transform<NdArray<Float32Array>, NdArray<Float32Array>> {
  readonly #p: number;
  readonly #options: RandomErasingOptions;

  /**
   * Chooses the rectangles.
   *
   * @throws {RangeError} If `p` is not in [0, 1], or `scale` or `ratio` is not a valid range.
   * @throws {TypeError} If `value` is neither numbers nor `"random"`.
   */
  constructor(options: RandomErasingOptions = {}) {
    checkSurplus(new.target.name, arguments, 1);
    options = readOptions(new.target.name, options, RANDOM_ERASING_OPTIONS);
    const { p = 0.5, scale = [0.02, 0.33], ratio = [0.3, 3.3], value = 0 } = options;
    this.#p = checkProbability(p);
    checkRange(new.target.name, "scale", scale, [0, 1]);
    checkRange(new.target.name, "ratio", ratio, [Number.MIN_VALUE, Number.MAX_VALUE]);
    if (value !== "random" && ![value].flat().every(Number.isFinite)) {
      throw new TypeError(
        `Cannot make RandomErasing as value must be numbers or "random": current value is ${
          showArgument(value)
        }`,
      );
    }
    this.#options = options;
  }

  /**
   * The array, with a rectangle erased or not.
   *
   * @throws {RangeError} If it has not three axes, or not as many channels as `value` has numbers.
   */
  apply(input: NdArray<Float32Array>, generator: Generator = defaultGenerator()): NdArray<Float32Array> {
    const [channels, height, width] = input.shape;
    const { scale = [0.02, 0.33], ratio = [0.3, 3.3], value = 0 } = this.#options;
    if (channels === undefined || height === undefined || width === undefined || input.shape.length !== 3) {
      throw new RangeError(
        `Cannot erase as the shape must be [channels, height, width]: current shape is [${
          input.shape.join(", ")
        }]`,
      );
    }
    if (typeof value === "object" && value.length !== channels) {
      throw new RangeError(
        `Cannot erase as value must have one number for each of ${channels} channels: current value is [${
          value.join(", ")
        }]`,
      );
    }
    if (generator.random() >= this.#p) return input;
    for (let attempt = 0; attempt < 10; attempt++) {
      const area = height * width * uniform(generator, scale);
      const aspect = Math.exp(uniform(generator, [Math.log(ratio[0]), Math.log(ratio[1])]));
      const rows = roundHalfEven(Math.sqrt(area * aspect)), columns = roundHalfEven(Math.sqrt(area / aspect));
      if (rows >= height || columns >= width) continue;
      const top = generator.integer(height - rows + 1), left = generator.integer(width - columns + 1);
      const data = input.data.slice();
      for (let c = 0; c < channels; c++) {
        for (let y = top; y < top + rows; y++) {
          const start = (c * height + y) * width + left;
          for (let i = start; i < start + columns; i++) {
            data[i] = value === "random" ? generator.normal() : typeof value === "number" ? value : value[c]!;
          }
        }
      }
      return new NdArray(data, input.shape);
    }
    return input;
  }
}
