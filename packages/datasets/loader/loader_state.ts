import type { DType } from "@troodon/core";

/** Where a {@linkcode DataLoader} stands, as JSON-able data. */
export interface DataLoaderState {
  /** The pass, from 0. */
  readonly epoch: number;
  /** Batches of it that have been handed over. */
  readonly batches: number;
  /** What its sampler said when the pass began; null if it has no state. */
  readonly sampler: unknown;
  /** The dtypes of the parts of batches that are made of plain numbers, by their paths; absent if there are none. */
  readonly dtypes?: Readonly<Record<string, DType>>;
  /** The number of workers that read the stream; absent if samples have an index. */
  readonly numWorkers?: number;
}
