/** Where the batches of one pass come from, in their order. */
import type { END } from "./workers/worker_pool.ts";

/** The batches of one pass of a loader. */
export interface Source<H> {
  /** Begins to fetch the next batch, or says that there is none. */
  next(): H | Promise<H | typeof END> | typeof END;
  /** How many to fetch ahead. */
  readonly ahead: number;
  /** The name of a batch that is awaited, where the source knows more of it than its number. */
  placeOf?(batch: Promise<unknown>): string | undefined;
  /** Keeps the process from ending while a batch is awaited, until the returned object is disposed. */
  hold?(): Disposable;
  /** Gives back what it holds; after a failure, also what would be kept. */
  close(failed: boolean): unknown;
}

/** The next batch of a source. Errors are kept for their turn, after the batches before them. */
export function attempt<H>(source: Source<H>): H | Promise<H | typeof END> | typeof END {
  let batch: H | Promise<H | typeof END> | typeof END;
  try {
    batch = source.next();
  } catch (error) {
    batch = Promise.reject(error);
  }
  // Whoever takes it from the queue sees the error; nobody may, when the loop is left early.
  if (batch instanceof Promise) batch.catch(() => {});
  return batch;
}
