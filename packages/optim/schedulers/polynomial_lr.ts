import { checkSurplus, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { checkCount, checkOption } from "../check_option.ts";
import type { GroupOptions, Optimizer } from "../optimizer.ts";
import { LRScheduler, type SchedulerOptions } from "./scheduler.ts";

/** Options of {@linkcode PolynomialLR}. */
export interface PolynomialLROptions extends SchedulerOptions {
  /** Epochs after which the learning rates are 0; 5 by default. */
  readonly totalIters?: number;
  /** The power of what is left; 1 by default. */
  readonly power?: number;
}
const POLYNOMIAL_LR_OPTIONS: OptionKeys<PolynomialLROptions> = {
  totalIters: true,
  power: true,
  lastEpoch: true,
};

/**
 * Lowers the learning rates to 0: `base * (1 - t / totalIters) ** power`.
 *
 * @example Down a parabola
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ones, ReferenceBackend } from "@troodon/core";
 * import { PolynomialLR, SGD } from "@troodon/optim";
 *
 * const device = new Device(new ReferenceBackend());
 * const optimizer = new SGD([ones([2], { device })], { lr: 1 });
 * const scheduler = new PolynomialLR(optimizer, { totalIters: 2, power: 2 });
 * const rates = [1, 2, 3].map(() => (scheduler.step(), scheduler.getLastLr()[0]));
 * assertEquals(rates, [0.25, 0, 0]);
 * ```
 */
export class PolynomialLR extends LRScheduler {
  /** Epochs after which the learning rates are 0. */
  readonly totalIters: number;
  /** The power of what is left. */
  readonly power: number;

  /**
   * Begins with the learning rates that the optimizer has.
   *
   * @throws {RangeError} If `totalIters` is not a positive integer or `power` not a number.
   */
  constructor(
    optimizer: Optimizer<GroupOptions>,
    options?: PolynomialLROptions,
  ) {
    checkSurplus(new.target.name, arguments, 2);
    const { totalIters = 5, power = 1, ...rest } = readOptions(
      new.target.name,
      options,
      POLYNOMIAL_LR_OPTIONS,
    );
    super(optimizer, rest);
    checkCount("PolynomialLR", "totalIters", totalIters);
    checkOption("PolynomialLR", "power", power);
    this.totalIters = totalIters;
    this.power = power;
  }

  /** The learning rate of a group after step `lastEpoch`. */
  protected override rate(lr: number): number {
    const left = this.totalIters - this.lastEpoch;
    return left < 0 ? lr : lr * (left / (left + 1)) ** this.power;
  }
}
