/** Sources of batches that workers fetch. */
import type { BatchPlan } from "../plans.ts";
import { END, type Source } from "../source.ts";
import type { Cutting } from "../sources.ts";
import type { Job } from "./messages.ts";
import { StreamRounds } from "./stream_rounds.ts";
import type { WorkerPool } from "./worker_pool.ts";

/** The pass that workers fetch batches for. */
export interface WorkerPass {
  /** The number and seed of the pass. */
  readonly pass: Job["pass"];
  /** The number of batches to fetch ahead. */
  readonly ahead: number;
  /** Called at the end of the pass; `failed` is true after an error. */
  readonly close: (failed: boolean) => void;
}

/** Lets workers fetch planned batches, each by the least busy worker. */
export function plannedByWorkers<H>(
  pool: WorkerPool,
  plans: Generator<BatchPlan, void, undefined>,
  { pass, ahead, close }: WorkerPass,
): Source<H> {
  return {
    ...sourceOf(pool),
    ahead,
    next: () => {
      const { done, value } = plans.next();
      if (done) return END;
      const { number, ...from } = value;
      // What the worker module's collate makes is what the dataset's type says.
      return pool.fetch({ number, from, pass }) as Promise<H | typeof END>;
    },
    close: (failed) => {
      plans.return();
      close(failed);
    },
  };
}

/** Lets each worker read its own copy of a stream, and takes their batches in turn, without the first `skip`. */
export function streamedByWorkers<H>(
  pool: WorkerPool,
  cutting: Cutting,
  { pass, ahead, close, skip }: WorkerPass & { readonly skip: number },
): Source<H> {
  const rounds = new StreamRounds(pool, pass, cutting);
  const take = (): Promise<H | typeof END> | typeof END =>
    rounds.take() as Promise<H | typeof END> | null ?? END;
  let skipping: Promise<void> | null = null;
  if (skip > 0) skipping = rounds.skip(skip).finally(() => skipping = null);
  return { ...sourceOf(pool), ahead, next: () => skipping?.then(take) ?? take(), close };
}

function sourceOf(pool: WorkerPool): Required<Pick<Source<unknown>, "placeOf" | "hold">> {
  return { placeOf: (batch) => pool.placeOf(batch), hold: () => pool.hold() };
}
