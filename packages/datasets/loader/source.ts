/** Sources of the batches of one pass, in order. */

/** Result of a source that has no more batches. */
export const END: unique symbol = Symbol("end of batches");

/** Source of the batches of one pass of a loader. */
export interface Source<H> {
  /**
   * Starts fetching the next batch, or returns {@linkcode END} if there are no more. A promise of END stands for no
   * batch, but others may follow, as one of several workers may reach the end of its stream first.
   */
  next(): H | Promise<H | typeof END> | typeof END;
  /** Number of batches to fetch ahead. */
  readonly ahead: number;
  /** Returns the name of a pending batch, if the source knows more than its number. */
  placeOf?(batch: Promise<unknown>): string | undefined;
  /** Keeps the process from ending while a batch is awaited, until the returned object is disposed. */
  hold?(): Disposable;
  /** Releases all resources; after a failure, also those that would be kept for the next pass. */
  close(failed: boolean): unknown;
}

/**
 * Fetches the next batch of a source. An error becomes a rejected promise, so that it follows the batches
 * before it.
 */
export function attempt<H>(source: Source<H>): H | Promise<H | typeof END> | typeof END {
  let batch: H | Promise<H | typeof END> | typeof END;
  try {
    batch = source.next();
  } catch (error) {
    batch = Promise.reject(error);
  }
  // The consumer of the queue sees the error; if the loop is left early, nobody does.
  if (batch instanceof Promise) batch.catch(() => {});
  return batch;
}
