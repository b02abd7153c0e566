/** Samplers, which decide the order in which a loader visits a dataset. */
import { defaultGenerator, type Generator, type GeneratorState } from "@troodon/core";
import { checkSurplus, type OptionKeys, readOptions, showArgument, showAsText } from "@troodon/core/kernel";
import { showSampler } from "./show_sampler.ts";

/** Something with a length: a dataset, an array. */
export interface Sized {
  /** The number of samples. */
  readonly length: number;
}

function lengthOf(sampler: string, source: Sized): number {
  const length: unknown = source?.length;
  if (typeof length === "number") return length;
  throw new TypeError(
    `Cannot make ${sampler} as it must be given a dataset, or something else with a length: current source is ${
      showArgument(source)
    }`,
  );
}

/** Indices, or lists of them, anew for every pass. */
export interface Sampler<I = number> extends Iterable<I> {
  /** The number of indices in a pass. */
  readonly length: number;
  /**
   * Returns the state that decides the next pass, as JSON data. Optional: a loader saves it to resume within a pass.
   */
  stateDict?(): unknown;
  /** Goes back to where {@linkcode Sampler.stateDict} was called. */
  loadStateDict?(state: unknown): void;
  /**
   * Returns the position of the index at `place` of a pass, from 0, in the order that several processes share. Random
   * transforms of the sample depend on the position. Optional: by default the position is `place` itself.
   */
  positionAt?(place: number): number;
}

/** A sampler whose passes depend on a generator. */
export abstract class GeneratorSampler implements Sampler {
  /** The number of indices in a pass. */
  abstract readonly length: number;
  readonly #generator: Generator | undefined;

  /** Takes the stream that orders are drawn from. */
  constructor({ generator }: RandomOrderOptions) {
    this.#generator = generator;
  }

  /** The stream, or the default one. */
  protected get generator(): Generator {
    return this.#generator ?? defaultGenerator();
  }

  /** A pass. */
  abstract [Symbol.iterator](): IterableIterator<number>;

  /** Returns the state of the generator. */
  stateDict(): GeneratorState {
    return this.generator.getState();
  }

  /**
   * Sets the generator back.
   *
   * @throws {RangeError} If `state` is none.
   */
  loadStateDict(state: unknown): void {
    // setState() checks it.
    this.generator.setState(state as GeneratorState);
  }

  /** Shows the class and the number of indices in a pass. */
  toString(): string {
    return showSampler(this);
  }

  static {
    showAsText(this);
  }
}

/** Options of samplers with a random order. */
export interface RandomOrderOptions {
  /** The stream that orders are drawn from; the default generator if there is none. */
  readonly generator?: Generator;
}

/** The keys of {@linkcode RandomOrderOptions}. */
export const RANDOM_ORDER_OPTIONS: OptionKeys<RandomOrderOptions> = { generator: true };

/** Options of {@linkcode RandomSampler}. */
export interface RandomSamplerOptions extends RandomOrderOptions {
  /** Allows an index to come twice (default false). */
  readonly replacement?: boolean;
  /** Indices in a pass (default: as many as samples). */
  readonly numSamples?: number;
}
const RANDOM_SAMPLER_OPTIONS: OptionKeys<RandomSamplerOptions> = {
  replacement: true,
  numSamples: true,
  generator: true,
};

/** The indices of a dataset, first to last. */
export class SequentialSampler implements Sampler {
  /** The number of samples. */
  readonly length: number;

  /** Counts the samples of `source`. */
  constructor(source: Sized) {
    checkSurplus(new.target.name, arguments, 1);
    this.length = lengthOf(new.target.name, source);
  }

  /** A pass. */
  *[Symbol.iterator](): IterableIterator<number> {
    for (let i = 0; i < this.length; i++) yield i;
  }

  /** Shows the class and the number of indices in a pass. */
  toString(): string {
    return showSampler(this);
  }

  static {
    showAsText(this);
  }
}

/**
 * The indices of a dataset in random order, another one in each pass.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Generator } from "@troodon/core";
 * import { RandomSampler } from "@troodon/datasets";
 *
 * const order = (seed: number) => [...new RandomSampler({ length: 9 }, { generator: new Generator(seed) })];
 * assertEquals(order(1), order(1));
 * ```
 */
export class RandomSampler extends GeneratorSampler {
  /** Indices in a pass. */
  override readonly length: number;
  readonly #size: number;
  readonly #replacement: boolean;

  /**
   * Orders the samples of `source`.
   *
   * @throws {RangeError} If `numSamples` is not a nonnegative integer.
   */
  constructor(source: Sized, options: RandomSamplerOptions = {}) {
    checkSurplus(new.target.name, arguments, 2);
    options = readOptions(new.target.name, options, RANDOM_SAMPLER_OPTIONS);
    super(options);
    const size = lengthOf(new.target.name, source), { replacement = false, numSamples = size } = options;
    if (!Number.isInteger(numSamples) || numSamples < 0 || (size === 0 && numSamples > 0)) {
      throw new RangeError(
        `Cannot sample ${size} samples as numSamples must be a nonnegative integer, and 0 of none: ` +
          `current numSamples is ${numSamples}`,
      );
    }
    this.length = numSamples;
    this.#size = size;
    this.#replacement = replacement;
  }

  /** A pass. */
  override *[Symbol.iterator](): IterableIterator<number> {
    const { generator } = this;
    if (this.#replacement) {
      for (let i = 0; i < this.length; i++) yield generator.integer(this.#size);
      return;
    }
    for (let left = this.length; left > 0; left -= this.#size) {
      const order = generator.permutation(this.#size);
      yield* left < this.#size ? order.subarray(0, left) : order;
    }
  }
}

/** Given indices in random order, another one in each pass. */
export class SubsetRandomSampler extends GeneratorSampler {
  readonly #indices: readonly number[];

  /** Orders `indices`. */
  constructor(indices: Iterable<number>, options: RandomOrderOptions = {}) {
    checkSurplus(new.target.name, arguments, 2);
    options = readOptions(new.target.name, options, RANDOM_ORDER_OPTIONS);
    super(options);
    this.#indices = [...indices];
  }

  /** The number of indices. */
  override get length(): number {
    return this.#indices.length;
  }

  /** A pass. */
  override *[Symbol.iterator](): IterableIterator<number> {
    for (const i of this.generator.permutation(this.length)) yield this.#indices[i]!;
  }
}
