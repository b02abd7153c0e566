import type { StepEvent } from "../observer.ts";

/** Speed of the steps in an epoch, and the estimated time left. */
export class TrainingSpeed {
  #begin = performance.now();
  #samples = 0;
  #batches = 0;

  /** Restarts the measurement, as validation and saving do not count as steps. */
  restart(): void {
    this.#begin = performance.now();
    this.#samples = this.#batches = 0;
  }

  /** Counts a step with `samples` samples. */
  add(samples: number): void {
    this.#samples += samples;
    this.#batches++;
  }

  /** Samples per second. */
  get rate(): number {
    return this.#samples / this.#seconds;
  }

  /** Estimates the seconds until the last of `epochs` ends; not finite if unknown. */
  left({ epoch, batch, batches }: Pick<StepEvent, "epoch" | "batch" | "batches">, epochs: number): number {
    return (batches - batch + (epochs - epoch) * batches) * this.#seconds / this.#batches;
  }

  get #seconds(): number {
    return (performance.now() - this.#begin) / 1000;
  }
}
