import { END } from "../source.ts";
import type { Cutting } from "../sources.ts";
import type { Job } from "./messages.ts";
import type { WorkerPool } from "./worker_pool.ts";

/** Workers that streams are read by. */
export type StreamPool = Pick<WorkerPool, "size" | "fetch">;

/**
 * Rounds through the workers of a stream: one batch of each that still has some, in the order of their numbers. The
 * order of batches does not depend on how soon workers answer.
 */
export class StreamRounds {
  readonly #pool: StreamPool;
  readonly #pass: Job["pass"];
  readonly #cutting: Cutting;
  /** The number of batches asked of each worker. */
  readonly #asked: number[];
  /** The workers whose streams have not ended, as far as is known. */
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
   * Asks the next worker for a batch, which is {@linkcode END} where its stream has ended; returns null if all have.
   *
   * @param passOver If true, the worker reads the samples of the batch and sends nothing.
   */
  take(passOver = false): Promise<unknown> | null {
    if (this.#next >= this.#active.length) this.#next = 0;
    const worker = this.#active[this.#next];
    if (worker === undefined) return null;
    this.#next++;
    // A number of its own for each batch, as what collate draws is derived from it.
    const number = this.#asked[worker]!++ * this.#pool.size + worker;
    const batch = this.#pool.fetch(
      { number, pass: this.#pass, from: { ...this.#cutting, passOver } },
      worker,
    );
    batch.then((result) => result === END && this.#remove(worker), () => {});
    return batch;
  }

  /** Passes over the first `count` batches. */
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
