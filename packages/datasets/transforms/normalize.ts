import { type Expr, expr } from "@troodon/core";
import { NdArray } from "../nd_array.ts";
import type { Transform } from "./transform.ts";

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
export class Normalize implements Transform<NdArray<Float32Array>, NdArray<Float32Array>> {
  /** Each channel has a mean and a deviation of its own, the same at every pixel. */
  readonly pointwise = true as const;
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
    if (mean.length !== std.length || mean.length === 0 || !std.every((s) => s > 0)) {
      throw new RangeError(
        `Cannot normalize as mean and std must have as many numbers, std positive ones: ` +
          `current mean is [${mean.join(", ")}] and std is [${std.join(", ")}]`,
      );
    }
    this.mean = mean;
    this.std = std;
  }

  /** See {@linkcode Transform.expression}. */
  expression(x: Expr, channel: number): Expr {
    const [mean, std] = this.#of(channel);
    return expr.div(expr.sub(x, mean), std);
  }

  /** Mean and deviation of a channel, as they are calculated with. */
  #of(channel: number): readonly [mean: number, std: number] {
    return [
      Math.fround(this.mean[channel] ?? this.mean[0]!),
      Math.fround(this.std[channel] ?? this.std[0]!),
    ];
  }

  /**
   * The normalized array.
   *
   * @throws {RangeError} If `input` has another number of channels.
   */
  apply(input: NdArray<Float32Array>): NdArray<Float32Array> {
    const [channels = 1] = input.shape;
    if (this.mean.length !== 1 && this.mean.length !== channels) {
      throw new RangeError(
        `Cannot normalize as the input must have ${this.mean.length} channels: ` +
          `current shape is [${input.shape.join(", ")}]`,
      );
    }
    const out = new Float32Array(input.data.length);
    const size = out.length / channels;
    for (let c = 0, i = 0; c < channels; c++) {
      const [mean, std] = this.#of(c);
      for (const end = i + size; i < end; i++) out[i] = Math.fround(input.data[i]! - mean) / std;
    }
    return new NdArray(out, input.shape);
  }
}
