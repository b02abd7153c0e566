import { type Communicator, Generator } from "@troodon/core";
import { checkSurplus, type OptionKeys, readOptions, showAsText } from "@troodon/core/kernel";
import type { Sampler, Sized } from "./samplers.ts";
import { showSampler } from "./show_sampler.ts";

/** Options of {@linkcode DistributedSampler}. */
export interface DistributedSamplerOptions {
  /** The processes that share the dataset; in place of `numReplicas` and `rank`. */
  readonly communicator?: Pick<Communicator, "rank" | "size">;
  /** The number of processes that share the dataset; that of `communicator` by default. */
  readonly numReplicas?: number;
  /** The number of this process, from 0; that of `communicator` by default. */
  readonly rank?: number;
  /** Shuffles each epoch, in the same order on all processes (default true). */
  readonly shuffle?: boolean;
  /** The seed of these orders, the same in all processes (default 0). */
  readonly seed?: number;
  /** Leaves out samples that do not fill all ranks (default false: the first ones are repeated). */
  readonly dropLast?: boolean;
}
const DISTRIBUTED_SAMPLER_OPTIONS: OptionKeys<DistributedSamplerOptions> = {
  numReplicas: true,
  rank: true,
  shuffle: true,
  seed: true,
  dropLast: true,
  communicator: true,
};

/**
 * The part of a dataset that one of several processes works on: every `numReplicas`-th sample of an order that all
 * share, as many for each. Call {@linkcode DistributedSampler.setEpoch} before each epoch, else all have one order.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { DistributedSampler } from "@troodon/datasets";
 *
 * const part = (rank: number) => [...new DistributedSampler({ length: 5 }, { numReplicas: 2, rank, shuffle: false })];
 * assertEquals([part(0), part(1)], [[0, 2, 4], [1, 3, 0]]);
 * ```
 */
export class DistributedSampler implements Sampler {
  /** Indices in a pass of this process. */
  readonly length: number;
  readonly #size: number;
  readonly #numReplicas: number;
  readonly #rank: number;
  readonly #options: DistributedSamplerOptions;
  #epoch = 0;

  /**
   * Takes the dataset, and which part of it.
   *
   * @throws {RangeError} If `rank` is not an integer in [0, numReplicas).
   * @throws {TypeError} If neither processes nor their number and a rank are given.
   */
  constructor(source: Sized, options: DistributedSamplerOptions) {
    checkSurplus(new.target.name, arguments, 2);
    options = readOptions(new.target.name, options, DISTRIBUTED_SAMPLER_OPTIONS);
    const { communicator, dropLast = false } = options;
    const { numReplicas = communicator?.size, rank = communicator?.rank } = options;
    if (numReplicas === undefined || rank === undefined) {
      throw new TypeError(
        `Cannot share a dataset as there must be a communicator, or numReplicas and rank: current ones are ` +
          `${numReplicas} and ${rank}`,
      );
    }
    if (!Number.isInteger(numReplicas) || !Number.isInteger(rank) || rank < 0 || rank >= numReplicas) {
      throw new RangeError(
        `Cannot share a dataset as rank must be an integer in [0, numReplicas): current rank is ${rank} of ` +
          `${numReplicas}`,
      );
    }
    const share = source.length / numReplicas;
    this.length = dropLast ? Math.floor(share) : Math.ceil(share);
    this.#size = source.length;
    this.#numReplicas = numReplicas;
    this.#rank = rank;
    this.#options = options;
  }

  /**
   * Chooses the order of the next pass.
   *
   * @throws {RangeError} If `epoch` is not a nonnegative integer.
   */
  setEpoch(epoch: number): void {
    if (!Number.isSafeInteger(epoch) || epoch < 0) {
      throw new RangeError(
        `Cannot set the epoch as it must be a nonnegative integer: current epoch is ${epoch}`,
      );
    }
    this.#epoch = epoch;
  }

  /** The epoch. */
  stateDict(): { readonly epoch: number } {
    return { epoch: this.#epoch };
  }

  /** Goes back to an epoch. */
  loadStateDict(state: unknown): void {
    this.setEpoch((state as { readonly epoch: number }).epoch);
  }

  /** Returns the position in the order that all processes share; see {@linkcode Sampler.positionAt}. */
  positionAt(place: number): number {
    return this.#rank + place * this.#numReplicas;
  }

  /** A pass. */
  *[Symbol.iterator](): IterableIterator<number> {
    const { shuffle = true, seed = 0 } = this.#options;
    const order = shuffle ? new Generator(seed).fork(this.#epoch).permutation(this.#size) : null;
    for (let i = 0; i < this.length; i++) {
      const at = this.positionAt(i) % this.#size;
      yield order ? order[at]! : at;
    }
  }

  /** Shows the class and the number of indices in a pass. */
  toString(): string {
    return showSampler(this);
  }

  static {
    showAsText(this);
  }
}
