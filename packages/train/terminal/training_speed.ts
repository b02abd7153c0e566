import type { StepEvent } from "../observer.ts";

/** The speed of the steps of an epoch, and the time that the run still takes at it. */
export class TrainingSpeed {
  #begin = performance.now();
  #samples = 0;
  #batches = 0;

  /** Begins anew: validation and saving are no part of an epoch's steps. */
  restart(): void {
    this.#begin = performance.now();
    this.#samples = this.#batches = 0;
  }

  /** Counts a step of so many samples. */
  add(samples: number): void {
    this.#samples += samples;
    this.#batches++;
  }

  /** Samples per second. */
  get rate(): number {
    return this.#samples / this.#seconds;
  }

  /** Returns the seconds until the last of `epochs` ends; not finite if unknown. */
  left({ epoch, batch, batches }: Pick<StepEvent, "epoch" | "batch" | "batches">, epochs: number): number {
    return (batches - batch + (epochs - epoch) * batches) * this.#seconds / this.#batches;
  }

  get #seconds(): number {
    return (performance.now() - this.#begin) / 1000;
  }
}
