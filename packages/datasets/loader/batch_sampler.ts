import { checkSurplus, type OptionKeys, readOptions, showAsText, showFlag } from "@troodon/core/kernel";
import type { Sampler } from "./samplers.ts";

/** Options of {@linkcode BatchSampler}. */
export interface BatchSamplerOptions {
  /** Number of indices in a batch. */
  readonly batchSize: number;
  /** Leaves out a last batch that is shorter than `batchSize` (default false). */
  readonly dropLast?: boolean;
}
const BATCH_SAMPLER_OPTIONS: OptionKeys<BatchSamplerOptions> = { batchSize: true, dropLast: true };

/**
 * Groups the indices of another sampler into batches.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { BatchSampler, SequentialSampler } from "@troodon/datasets";
 *
 * const sampler = new SequentialSampler({ length: 5 });
 * assertEquals([...new BatchSampler(sampler, { batchSize: 2 })], [[0, 1], [2, 3], [4]]);
 * assertEquals([...new BatchSampler(sampler, { batchSize: 2, dropLast: true })], [[0, 1], [2, 3]]);
 * ```
 */
export class BatchSampler implements Sampler<readonly number[]> {
  readonly #sampler: Sampler;
  readonly #batchSize: number;
  readonly #dropLast: boolean;

  /**
   * Wraps another sampler.
   *
   * @param sampler Sampler that yields the indices.
   * @throws {RangeError} If `batchSize` is not a positive integer.
   */
  constructor(sampler: Sampler, options: BatchSamplerOptions) {
    checkSurplus(new.target.name, arguments, 2);
    const { batchSize, dropLast = false } = readOptions(new.target.name, options, BATCH_SAMPLER_OPTIONS);
    if (!Number.isInteger(batchSize) || batchSize < 1) {
      throw new RangeError(
        `Cannot make batches as the batch size must be a positive integer: current batch size is ${batchSize}`,
      );
    }
    this.#sampler = sampler;
    this.#batchSize = batchSize;
    this.#dropLast = dropLast;
  }

  /** Returns the state of the wrapped sampler; see {@linkcode Sampler.stateDict}. */
  stateDict(): unknown {
    return this.#sampler.stateDict?.() ?? null;
  }

  /** See {@linkcode Sampler.loadStateDict}. */
  loadStateDict(state: unknown): void {
    this.#sampler.loadStateDict?.(state);
  }

  /** Returns the position by the wrapped sampler; see {@linkcode Sampler.positionAt}. */
  positionAt(place: number): number {
    return this.#sampler.positionAt?.(place) ?? place;
  }

  /** Number of batches in a pass. */
  get length(): number {
    const batches = this.#sampler.length / this.#batchSize;
    return this.#dropLast ? Math.floor(batches) : Math.ceil(batches);
  }

  /** Iterates over the batches of one pass. */
  *[Symbol.iterator](): IterableIterator<readonly number[]> {
    let batch: number[] = [];
    for (const index of this.#sampler) {
      batch.push(index);
      if (batch.length === this.#batchSize) {
        yield batch;
        batch = [];
      }
    }
    if (batch.length > 0 && !this.#dropLast) yield batch;
  }

  /** Shows the sampler and the options. */
  toString(): string {
    return `BatchSampler(${this.#sampler}, batch_size=${this.#batchSize}, drop_last=${
      showFlag(this.#dropLast)
    })`;
  }

  static {
    showAsText(this);
  }
}
