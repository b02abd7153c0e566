/** Sources of batches in the thread of the loader. */
import type { Generator } from "@troodon/core";
import type { Dataset } from "../dataset.ts";
import { inBatches, type IterableDataset } from "../iterable_dataset.ts";
import { type Collate, collateBatch, fetchBatch } from "./fetch_batch.ts";
import type { BatchPlan } from "./plans.ts";
import { END, type Source } from "./source.ts";

/** Settings for making batches of samples `T`. */
export interface Making<T, H> {
  /** The generator of the pass. */
  readonly pass: Generator;
  /** The function that makes a batch of samples, if it is not the default one. */
  readonly collate: Collate<T, H> | undefined;
}

/** Fetches planned batches of a dataset; if samples are promises, `ahead` batches in advance. */
export function fromSamples<T, H>(
  dataset: Dataset<T>,
  plans: globalThis.Generator<BatchPlan, void, undefined>,
  { pass, collate, ahead }: Making<T, H> & { readonly ahead: number },
): Source<H> {
  return {
    ahead,
    next: () => {
      const { done, value } = plans.next();
      return done ? END : fetchBatch(dataset, value, pass, collate);
    },
    close: () => plans.return(),
  };
}

/** Settings for cutting a stream into batches. */
export interface Cutting {
  /** The number of samples in a batch. */
  readonly batchSize: number;
  /** True if a last batch with fewer samples is left out. */
  readonly dropLast: boolean;
}

/** Reads batches of a stream, without the first `skip`. */
export function fromStream<T, H>(
  stream: IterableDataset<T>,
  { batchSize, dropLast }: Cutting,
  { pass, collate, skip }: Making<T, H> & { readonly skip: number },
): Source<H> {
  const lists = inBatches(stream, batchSize, dropLast);
  let number = 0, ended = false;
  const read = async (): Promise<H | typeof END> => {
    for (;;) {
      const { done, value } = await lists.next();
      ended ||= done === true;
      if (done) return END;
      if (number++ >= skip) return collateBatch(value, number - 1, pass, collate);
    }
  };
  // Nothing is fetched ahead, as a stream yields one sample after another.
  return { ahead: 0, next: () => ended ? END : read(), close: () => lists.return() };
}
