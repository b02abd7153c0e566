import { checkSurplus, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { checkCount, checkOption } from "../check_option.ts";
import type { GroupOptions, Optimizer } from "../optimizer.ts";
import { LRScheduler, type SchedulerOptions } from "./scheduler.ts";

/** Options of {@linkcode ConstantLR}. */
export interface ConstantLROptions extends SchedulerOptions {
  /** What the learning rates are multiplied by at first; 1 / 3 by default. */
  readonly factor?: number;
  /** For how many epochs; 5 by default. */
  readonly totalIters?: number;
}
const CONSTANT_LR_OPTIONS: OptionKeys<ConstantLROptions> = {
  factor: true,
  totalIters: true,
  lastEpoch: true,
};

/**
 * Multiplies the learning rates by `factor` for the first `totalIters` epochs.
 *
 * @example Slow for two epochs
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ones, ReferenceBackend } from "@troodon/core";
 * import { ConstantLR, SGD } from "@troodon/optim";
 *
 * const device = new Device(new ReferenceBackend());
 * const optimizer = new SGD([ones([2], { device })], { lr: 1 });
 * const scheduler = new ConstantLR(optimizer, { factor: 0.5, totalIters: 2 });
 * assertEquals(scheduler.getLastLr(), [0.5]);
 * const rates = [1, 2, 3].map(() => (scheduler.step(), scheduler.getLastLr()[0]));
 * assertEquals(rates, [0.5, 1, 1]);
 * ```
 */
export class ConstantLR extends LRScheduler {
  /** What the learning rates are multiplied by at first. */
  readonly factor: number;
  /** For how many epochs. */
  readonly totalIters: number;

  /**
   * Begins with the learning rates that the optimizer has, times `factor`.
   *
   * @throws {RangeError} If `factor` is not in (0, 1] or `totalIters` not a positive integer.
   */
  constructor(
    optimizer: Optimizer<GroupOptions>,
    options?: ConstantLROptions,
  ) {
    checkSurplus(new.target.name, arguments, 2);
    const { factor = 1 / 3, totalIters = 5, ...rest } = readOptions(
      new.target.name,
      options,
      CONSTANT_LR_OPTIONS,
    );
    super(optimizer, rest);
    checkOption("ConstantLR", "factor", factor, { above: 0, max: 1 });
    checkCount("ConstantLR", "totalIters", totalIters);
    this.factor = factor;
    this.totalIters = totalIters;
    if (this.isNew) this.begin();
  }

  /** The learning rate of a group before the first step. */
  protected override firstRate(lr: number): number {
    return lr * this.factor;
  }

  /** The learning rate of a group after step `lastEpoch`. */
  protected override rate(lr: number): number {
    return this.lastEpoch === this.totalIters ? lr / this.factor : lr;
  }
}
