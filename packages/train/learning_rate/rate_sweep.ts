/** Losses of steps whose learning rate grows. */
import type { GroupOptions, ParamGroup } from "@troodon/optim";
import type { EpochEvent, FitObserver, LogEvent } from "../observer.ts";

/** Numbers of a {@linkcode RateSweep}. */
export interface SweepNumbers {
  /** Learning rate of the first step. */
  readonly from: number;
  /** Learning rate of the last step. */
  readonly to: number;
  /** Number of steps. */
  readonly steps: number;
  /** Weight of the past in the running mean of the losses. */
  readonly smoothing: number;
  /** Multiple of the lowest loss above which the sweep ends. */
  readonly divergence: number;
}

/** Raises the learning rate before each step of a run and notes the losses; ends the run where these diverge. */
export class RateSweep implements FitObserver {
  /** Learning rates of the steps. */
  readonly rates: number[] = [];
  /** Losses as they were. */
  readonly batchLosses: number[] = [];
  /** Running means of the losses. */
  readonly losses: number[] = [];
  readonly #groups: readonly ParamGroup<GroupOptions>[];
  readonly #shares: readonly number[];
  readonly #numbers: SweepNumbers;
  #mean = 0;
  #best = Infinity;

  /** A sweep of the learning rates of `groups`, which keep their ratio to the largest one. */
  constructor(groups: readonly ParamGroup<GroupOptions>[], numbers: SweepNumbers) {
    const largest = Math.max(...groups.map(({ lr }) => lr));
    this.#groups = groups;
    this.#shares = groups.map(({ lr }) => largest > 0 ? lr / largest : 1);
    this.#numbers = numbers;
  }

  /** Sets the learning rate of the step to come. */
  onBatch(): void {
    const rate = this.#rate(this.losses.length);
    this.#groups.forEach((group, i) => group.lr = rate * this.#shares[i]!);
  }

  /** Notes the loss of a step. */
  onLog({ loss, stop }: LogEvent): void {
    const { steps, smoothing, divergence } = this.#numbers, at = this.losses.length;
    if (!Number.isFinite(loss)) return stop();
    this.#mean = smoothing * this.#mean + (1 - smoothing) * loss;
    // The mean begins at 0, which this undoes.
    const smoothed = this.#mean / (1 - smoothing ** (at + 1));
    this.rates.push(this.#rate(at));
    this.batchLosses.push(loss);
    this.losses.push(smoothed);
    this.#best = Math.min(this.#best, smoothed);
    const diverged = smoothed - this.#best > (divergence - 1) * Math.abs(this.#best);
    if (diverged || this.losses.length === steps) stop();
  }

  /**
   * Ends a run without batches.
   *
   * @throws {RangeError} If the first epoch had no steps.
   */
  onEpoch({ step }: EpochEvent): void {
    if (step > 0) return;
    throw new RangeError("Cannot apply findLearningRate() as there must be batches: current number is 0");
  }

  /**
   * The rate at which the smoothed loss falls fastest, by the logarithm of the rate; null if it falls nowhere. The first
   * tenth of the steps, when the mean is of few losses, and the last step do not count.
   */
  suggestion(): number | null {
    const { losses, rates } = this;
    let steepest = 0, found: number | null = null;
    for (let i = Math.max(1, Math.floor(this.#numbers.steps / 10)); i < losses.length - 1; i++) {
      const slope = losses[i + 1]! - losses[i - 1]!;
      if (slope < steepest) {
        steepest = slope;
        found = rates[i]!;
      }
    }
    return found;
  }

  #rate(step: number): number {
    const { from, to, steps } = this.#numbers;
    return from * (to / from) ** (step / (steps - 1));
  }
}
