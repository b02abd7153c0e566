import { checkSurplus, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { checkOption } from "../check_option.ts";
import type { GroupOptions, Optimizer } from "../optimizer.ts";
import { LRScheduler, type SchedulerOptions } from "./scheduler.ts";

/** Options of {@linkcode ExponentialLR}. */
export interface ExponentialLROptions extends SchedulerOptions {
  /** What the learning rates are multiplied by. */
  readonly gamma: number;
}
const EXPONENTIAL_LR_OPTIONS: OptionKeys<ExponentialLROptions> = { gamma: true, lastEpoch: true };

/**
 * Multiplies the learning rates by `gamma` every epoch.
 *
 * @example Half each time
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ones, ReferenceBackend } from "@troodon/core";
 * import { ExponentialLR, SGD } from "@troodon/optim";
 *
 * const device = new Device(new ReferenceBackend());
 * const optimizer = new SGD([ones([2], { device })], { lr: 1 });
 * const scheduler = new ExponentialLR(optimizer, { gamma: 0.5 });
 * const rates = [1, 2, 3].map(() => (scheduler.step(), scheduler.getLastLr()[0]));
 * assertEquals(rates, [0.5, 0.25, 0.125]);
 * ```
 */
export class ExponentialLR extends LRScheduler {
  /** What the learning rates are multiplied by. */
  readonly gamma: number;

  /**
   * Begins with the learning rates that the optimizer has.
   *
   * @throws {RangeError} If `gamma` is not a number.
   */
  constructor(optimizer: Optimizer<GroupOptions>, options: ExponentialLROptions) {
    checkSurplus(new.target.name, arguments, 2);
    const { gamma, ...rest } = readOptions(new.target.name, options, EXPONENTIAL_LR_OPTIONS);
    super(optimizer, rest);
    checkOption("ExponentialLR", "gamma", gamma);
    this.gamma = gamma;
  }

  /** The learning rate of a group after step `lastEpoch`. */
  protected override rate(lr: number): number {
    return lr * this.gamma;
  }
}
