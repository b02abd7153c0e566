import { END } from "../source.ts";
import type { Cutting } from "../sources.ts";
import type { Job } from "./messages.ts";
import type { WorkerPool } from "./worker_pool.ts";

/** Workers that read streams. */
export type StreamPool = Pick<WorkerPool, "size" | "fetch">;

/**
 * Takes turns among the workers of a stream: in each round one batch of every worker that still has some, in the order
 * of their numbers. The order of batches does not depend on the speed of workers.
 */
export class StreamRounds {
  readonly #pool: StreamPool;
  readonly #pass: Job["pass"];
  readonly #cutting: Cutting;
  /** The number of batches asked of each worker. */
  readonly #asked: number[];
  /** The workers whose streams are not known to have ended. */
  readonly #active: number[];
  /** Place in `#active` of the worker to ask next. */
  #next = 0;

  /** Begins a pass. */
  constructor(pool: StreamPool, pass: Job["pass"], cutting: Cutting) {
    this.#pool = pool;
    this.#pass = pass;
    this.#cutting = cutting;
    this.#asked = Array<number>(pool.size).fill(0);
    this.#active = [...this.#asked.keys()];
  }

  /**
   * Asks the next worker for a batch, which is {@linkcode END} if its stream has ended; returns null if all have ended.
   *
   * @param passOver If true, the worker reads the samples of the batch but sends nothing.
   */
  take(passOver = false): Promise<unknown> | null {
    if (this.#next >= this.#active.length) this.#next = 0;
    const worker = this.#active[this.#next];
    if (worker === undefined) return null;
    this.#next++;
    // Each batch gets a number of its own, which seeds the draws of collate.
    const number = this.#asked[worker]!++ * this.#pool.size + worker;
    const batch = this.#pool.fetch(
      { number, pass: this.#pass, from: { ...this.#cutting, passOver } },
      worker,
    );
    batch.then((result) => result === END && this.#remove(worker), () => {});
    return batch;
  }

  /** Skips the first `count` batches. */
  async skip(count: number): Promise<void> {
    for (let left = count; left > 0 && this.#active.length > 0;) {
      const inRound = this.#active.length - this.#next || this.#active.length;
      const round = Array.from({ length: Math.min(left, inRound) }, () => this.take(true));
      for (const batch of round) if (await batch !== END) left--;
    }
  }

  #remove(worker: number): void {
    const place = this.#active.indexOf(worker);
    if (place < 0) return;
    this.#active.splice(place, 1);
    if (place < this.#next) this.#next--;
  }
}
