import { checkSurplus, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { checkCount, checkOption } from "../check_option.ts";
import type { GroupOptions, Optimizer } from "../optimizer.ts";
import { LRScheduler, type SchedulerOptions } from "./scheduler.ts";

/** Options of {@linkcode LinearLR}. */
export interface LinearLROptions extends SchedulerOptions {
  /** What the learning rates are multiplied by at the beginning; 1 / 3 by default. */
  readonly startFactor?: number;
  /** What they are multiplied by at the end; 1 by default. */
  readonly endFactor?: number;
  /** Epochs from the one to the other; 5 by default. */
  readonly totalIters?: number;
}
const LINEAR_LR_OPTIONS: OptionKeys<LinearLROptions> = {
  startFactor: true,
  endFactor: true,
  totalIters: true,
  lastEpoch: true,
};

/**
 * Moves a factor of the learning rates evenly from `startFactor` to `endFactor`: a warm-up, or a way down to 0.
 *
 * @example A warm-up
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ones, ReferenceBackend } from "@troodon/core";
 * import { LinearLR, SGD } from "@troodon/optim";
 *
 * const device = new Device(new ReferenceBackend());
 * const optimizer = new SGD([ones([2], { device })], { lr: 1 });
 * const scheduler = new LinearLR(optimizer, { startFactor: 0.25, totalIters: 3 });
 * assertEquals(scheduler.getLastLr(), [0.25]);
 * const rates = [1, 2, 3, 4].map(() => (scheduler.step(), scheduler.getLastLr()[0]));
 * assertEquals(rates, [0.5, 0.75, 1, 1]);
 * ```
 */
export class LinearLR extends LRScheduler {
  /** What the learning rates are multiplied by at the beginning. */
  readonly startFactor: number;
  /** What they are multiplied by at the end. */
  readonly endFactor: number;
  /** Epochs from the one to the other. */
  readonly totalIters: number;

  /**
   * Begins with the learning rates that the optimizer has, times `startFactor`.
   *
   * @throws {RangeError} If `startFactor` is not in (0, 1], `endFactor` not in [0, 1] or `totalIters` not a positive integer.
   */
  constructor(
    optimizer: Optimizer<GroupOptions>,
    options?: LinearLROptions,
  ) {
    checkSurplus(new.target.name, arguments, 2);
    const { startFactor = 1 / 3, endFactor = 1, totalIters = 5, ...rest } = readOptions(
      new.target.name,
      options,
      LINEAR_LR_OPTIONS,
    );
    super(optimizer, rest);
    checkOption("LinearLR", "startFactor", startFactor, { above: 0, max: 1 });
    checkOption("LinearLR", "endFactor", endFactor, { min: 0, max: 1 });
    checkCount("LinearLR", "totalIters", totalIters);
    this.startFactor = startFactor;
    this.endFactor = endFactor;
    this.totalIters = totalIters;
    if (this.isNew) this.begin();
  }

  /** The learning rate of a group before the first step. */
  protected override firstRate(lr: number): number {
    return lr * this.startFactor;
  }

  /** The learning rate of a group after step `lastEpoch`. */
  protected override rate(lr: number): number {
    const { lastEpoch, startFactor, endFactor, totalIters } = this;
    const rise = endFactor - startFactor;
    return lastEpoch > totalIters
      ? lr
      : lr * (1 + rise / (totalIters * startFactor + (lastEpoch - 1) * rise));
  }
}
