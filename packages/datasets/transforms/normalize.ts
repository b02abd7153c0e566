import { checkSurplus, expr, showArgument } from "@troodon/core/kernel";
import type { HostArray } from "../host_array.ts";
import { Elementwise } from "./elementwise.ts";

/**
 * `(x - mean) / std` for each channel of a `float32` array `[channels, height, width]`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { NdArray, Normalize } from "@troodon/datasets";
 *
 * const x = new NdArray(new Float32Array([1, 2, 30, 40]), [2, 1, 2]);
 * assertEquals([...new Normalize([1, 30], [2, 5]).apply(x).data], [0, 0.5, 0, 2]);
 * ```
 */
export class Normalize extends Elementwise {
  /** Mean of each channel. */
  readonly mean: readonly number[];
  /** Standard deviation of each channel. */
  readonly std: readonly number[];

  /**
   * Takes the statistics.
   *
   * @param mean Mean of each channel; one number serves all.
   * @param std Standard deviation of each channel; one number serves all.
   * @throws {RangeError} If a deviation is not positive, or the two have different lengths.
   */
  constructor(mean: readonly number[], std: readonly number[]) {
    checkSurplus(new.target.name, arguments, 2);
    if (!Array.isArray(mean) || !Array.isArray(std)) {
      throw new TypeError(
        `Cannot make Normalize as mean and std must be lists of numbers: current ones are ${
          showArgument(mean)
        } and ${showArgument(std)}${typeof mean === "number" ? `, write [${mean}]` : ""}`,
      );
    }
    if (mean.length !== std.length || mean.length === 0 || !std.every((s) => s > 0)) {
      throw new RangeError(
        `Cannot normalize as mean and std must have as many numbers, std positive ones: ` +
          `current mean is [${mean.join(", ")}] and std is [${std.join(", ")}]`,
      );
    }
    super((x, channel) =>
      expr.div(
        expr.sub(x, Math.fround(mean[channel] ?? mean[0]!)),
        Math.fround(std[channel] ?? std[0]!),
      )
    );
    this.mean = mean;
    this.std = std;
  }

  /**
   * The normalized array.
   *
   * @throws {RangeError} If `input` has another number of channels.
   */
  override apply(input: HostArray<Float32Array>): HostArray<Float32Array> {
    const [channels = 1] = input.shape;
    if (this.mean.length !== 1 && this.mean.length !== channels) {
      throw new RangeError(
        `Cannot normalize as the input must have ${this.mean.length} channels: ` +
          `current shape is [${input.shape.join(", ")}]`,
      );
    }
    return super.apply(input);
  }
}
