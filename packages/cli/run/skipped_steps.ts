import type { FitObserver } from "@troodon/troodon";

/** Counts the steps that training in float16 has skipped. */
export class SkippedSteps {
  #count = 0;
  /** Hears the run. */
  readonly observer: FitObserver = {
    quiet: true,
    onStep: ({ isSkipped }) => void (this.#count += isSkipped === true ? 1 : 0),
  };

  /** A line about them; null if there are none. */
  get said(): string | null {
    if (this.#count === 0) return null;
    const steps = this.#count === 1 ? "1 step" : `${this.#count} steps`;
    return `Skipped ${steps} whose gradients were too large for float16`;
  }
}
