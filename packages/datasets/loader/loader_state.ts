import type { DType } from "@troodon/core";

/** State of a {@linkcode DataLoader} within a pass, which can be written as JSON. */
export interface DataLoaderState {
  /** Number of the pass, from 0. */
  readonly epoch: number;
  /** Number of batches of the pass that have been yielded. */
  readonly batches: number;
  /** State of the sampler when the pass began; null if it has none. */
  readonly sampler: unknown;
  /** The dtypes of the parts of batches that are made of plain numbers, by their paths; absent if there are none. */
  readonly dtypes?: Readonly<Record<string, DType>>;
  /** The number of workers that read the stream; absent if samples have an index. */
  readonly numWorkers?: number;
}
