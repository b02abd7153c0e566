import type { FitObserver } from "@troodon/troodon";

/** Counts the steps skipped by float16 training. */
export class SkippedSteps {
  #count = 0;
  /** Observer of the run. */
  readonly observer: FitObserver = {
    quiet: true,
    onStep: ({ isSkipped }) => void (this.#count += isSkipped === true ? 1 : 0),
  };

  /** Message about skipped steps; null if there are none. */
  get said(): string | null {
    if (this.#count === 0) return null;
    const steps = this.#count === 1 ? "1 step" : `${this.#count} steps`;
    return `Skipped ${steps} whose gradients were too large for float16`;
  }
}
