import { checkSurplus, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { checkCount, checkOption } from "../check_option.ts";
import type { GroupOptions, Optimizer } from "../optimizer.ts";
import { LRScheduler, type SchedulerOptions } from "./scheduler.ts";

/** Options of {@linkcode StepLR}. */
export interface StepLROptions extends SchedulerOptions {
  /** Epochs between changes. */
  readonly stepSize: number;
  /** What the learning rates are multiplied by; 0.1 by default. */
  readonly gamma?: number;
}
const STEP_LR_OPTIONS: OptionKeys<StepLROptions> = { stepSize: true, gamma: true, lastEpoch: true };

/**
 * Multiplies the learning rates by `gamma` every `stepSize` epochs.
 *
 * @example Every second epoch
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ones, ReferenceBackend } from "@troodon/core";
 * import { SGD, StepLR } from "@troodon/optim";
 *
 * const device = new Device(new ReferenceBackend());
 * const optimizer = new SGD([ones([2], { device })], { lr: 1 });
 * const scheduler = new StepLR(optimizer, { stepSize: 2, gamma: 0.5 });
 * const rates = [1, 2, 3, 4].map(() => (scheduler.step(), scheduler.getLastLr()[0]));
 * assertEquals(rates, [1, 0.5, 0.5, 0.25]);
 * ```
 */
export class StepLR extends LRScheduler {
  /** Epochs between changes. */
  readonly stepSize: number;
  /** What the learning rates are multiplied by. */
  readonly gamma: number;

  /**
   * Begins with the learning rates that the optimizer has.
   *
   * @throws {RangeError} If `stepSize` is not a positive integer or `gamma` not a number.
   */
  constructor(optimizer: Optimizer<GroupOptions>, options: StepLROptions) {
    checkSurplus(new.target.name, arguments, 2);
    const { stepSize, gamma = 0.1, ...rest } = readOptions(new.target.name, options, STEP_LR_OPTIONS);
    super(optimizer, rest);
    checkCount("StepLR", "stepSize", stepSize);
    checkOption("StepLR", "gamma", gamma);
    this.stepSize = stepSize;
    this.gamma = gamma;
  }

  /** The learning rate of a group after step `lastEpoch`. */
  protected override rate(lr: number): number {
    return this.lastEpoch % this.stepSize === 0 ? lr * this.gamma : lr;
  }
}
