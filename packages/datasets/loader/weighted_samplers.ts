/** Orders in which classes are as frequent as one wishes. */
import { checkSurplus, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { GeneratorSampler, RANDOM_ORDER_OPTIONS, type RandomOrderOptions } from "./samplers.ts";

/** Options of {@linkcode WeightedRandomSampler}. */
export interface WeightedRandomSamplerOptions extends RandomOrderOptions {
  /** Whether an index may come twice (default true). */
  readonly replacement?: boolean;
}
const WEIGHTED_RANDOM_SAMPLER_OPTIONS: OptionKeys<WeightedRandomSamplerOptions> = {
  replacement: true,
  generator: true,
};

/**
 * Indices drawn by weight: `i` is as likely as `weights[i]` says, which need not add up to 1. With weights of one by
 * the size of the class, classes of all sizes are equally frequent.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { Generator } from "@troodon/core";
 * import { WeightedRandomSampler } from "@troodon/datasets";
 *
 * const sampler = new WeightedRandomSampler([0, 1, 3], 1000, { generator: new Generator(1) });
 * const twos = [...sampler].filter((i) => i === 2).length;
 * assert(twos > 700 && twos < 800);
 * ```
 */
export class WeightedRandomSampler extends GeneratorSampler {
  /** Indices in a pass. */
  override readonly length: number;
  readonly #weights: Float64Array;
  readonly #replacement: boolean;

  /**
   * Takes the weights.
   *
   * @param weights One for each sample of the dataset.
   * @param numSamples Indices in a pass.
   * @throws {RangeError} If weights are negative or all 0, or are too few to draw `numSamples` without replacement.
   */
  constructor(weights: ArrayLike<number>, numSamples: number, options: WeightedRandomSamplerOptions = {}) {
    checkSurplus(new.target.name, arguments, 3);
    options = readOptions(new.target.name, options, WEIGHTED_RANDOM_SAMPLER_OPTIONS);
    super(options);
    const { replacement = true } = options;
    this.#weights = Float64Array.from(weights);
    const positive = this.#weights.reduce((count, w) => count + Number(w > 0), 0);
    if (!this.#weights.every((w) => w >= 0 && w < Infinity) || positive === 0) {
      throw new RangeError("Cannot sample by weights as they must be nonnegative, and one of them positive");
    }
    if (!Number.isInteger(numSamples) || numSamples < 1 || (!replacement && numSamples > positive)) {
      throw new RangeError(
        `Cannot sample by weights as numSamples must be a positive integer${
          replacement ? "" : `, at most ${positive} without replacement`
        }: current numSamples is ${numSamples}`,
      );
    }
    this.length = numSamples;
    this.#replacement = replacement;
  }

  /** A pass. */
  override *[Symbol.iterator](): IterableIterator<number> {
    const { generator } = this;
    const weights = this.#weights;
    if (!this.#replacement) {
      // The smallest of exponential waiting times (Efraimidis and Spirakis, 2006).
      const keys = weights.map((w) => w === 0 ? Infinity : -Math.log(1 - generator.random()) / w);
      const order = Int32Array.from(keys, (_, i) => i).sort((a, b) => keys[a]! - keys[b]!);
      yield* order.subarray(0, this.length);
      return;
    }
    let sum = 0;
    const sums = weights.map((w) => sum += w);
    for (let i = 0; i < this.length; i++) yield firstAbove(sums, generator.random() * sum);
  }
}

/** The first of ascending numbers that is above `x`. */
function firstAbove(sums: Float64Array, x: number): number {
  let low = 0, high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle]! > x) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * All indices once, in a random order in which every stretch, and so every batch, holds the classes in about the
 * proportion of the whole: each class is spread evenly over the pass.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { StratifiedSampler } from "@troodon/datasets";
 *
 * const labels = [0, 0, 0, 0, 1, 1, 1, 1];
 * const order = [...new StratifiedSampler(labels)];
 * assertEquals(order.slice(0, 4).filter((i) => labels[i] === 1).length, 2);
 * ```
 */
export class StratifiedSampler extends GeneratorSampler {
  /** Indices in a pass. */
  override readonly length: number;
  readonly #classes: readonly Int32Array[];

  /** Takes the class of each sample. */
  constructor(labels: ArrayLike<number>, options: RandomOrderOptions = {}) {
    checkSurplus(new.target.name, arguments, 2);
    options = readOptions(new.target.name, options, RANDOM_ORDER_OPTIONS);
    super(options);
    this.length = labels.length;
    const members = Map.groupBy(Int32Array.from(labels, (_, i) => i), (i) => labels[i]!);
    this.#classes = [...members.values()].map((indices) => Int32Array.from(indices));
  }

  /** A pass. */
  override *[Symbol.iterator](): IterableIterator<number> {
    const { generator } = this;
    const places = this.#classes.flatMap((indices) => {
      const order = generator.permutation(indices.length);
      // One place per member in each of equal parts of the pass; which class comes first is chance.
      const start = generator.random();
      return Array.from(order, (k, j) => ({ index: indices[k]!, at: (j + start) / indices.length }));
    });
    for (const { index } of places.sort((a, b) => a.at - b.at)) yield index;
  }
}
