import { checkSurplus, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { checkCount, checkList, checkOption } from "../check_option.ts";
import type { GroupOptions, Optimizer } from "../optimizer.ts";
import { LRScheduler, type SchedulerOptions } from "./scheduler.ts";

/** Options of {@linkcode MultiStepLR}. */
export interface MultiStepLROptions extends SchedulerOptions {
  /** Epochs after which the learning rates change; one that comes twice changes them twice. */
  readonly milestones: readonly number[];
  /** What the learning rates are multiplied by; 0.1 by default. */
  readonly gamma?: number;
}
const MULTI_STEP_LR_OPTIONS: OptionKeys<MultiStepLROptions> = {
  milestones: true,
  gamma: true,
  lastEpoch: true,
};

/**
 * Multiplies the learning rates by `gamma` at each milestone.
 *
 * @example Two milestones
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ones, ReferenceBackend } from "@troodon/core";
 * import { MultiStepLR, SGD } from "@troodon/optim";
 *
 * const device = new Device(new ReferenceBackend());
 * const optimizer = new SGD([ones([2], { device })], { lr: 1 });
 * const scheduler = new MultiStepLR(optimizer, { milestones: [1, 3], gamma: 0.5 });
 * const rates = [1, 2, 3, 4].map(() => (scheduler.step(), scheduler.getLastLr()[0]));
 * assertEquals(rates, [0.5, 0.5, 0.25, 0.25]);
 * ```
 */
export class MultiStepLR extends LRScheduler {
  /** Epochs after which the learning rates change. */
  readonly milestones: readonly number[];
  /** What the learning rates are multiplied by. */
  readonly gamma: number;

  /**
   * Begins with the learning rates that the optimizer has.
   *
   * @throws {RangeError} If a milestone is not a positive integer or `gamma` not a number.
   */
  constructor(
    optimizer: Optimizer<GroupOptions>,
    options: MultiStepLROptions,
  ) {
    checkSurplus(new.target.name, arguments, 2);
    const { milestones, gamma = 0.1, ...rest } = readOptions(
      new.target.name,
      options,
      MULTI_STEP_LR_OPTIONS,
    );
    super(optimizer, rest);
    checkList("MultiStepLR", "milestones", milestones);
    milestones.forEach((milestone, i) => checkCount("MultiStepLR", `milestones[${i}]`, milestone));
    checkOption("MultiStepLR", "gamma", gamma);
    this.milestones = milestones;
    this.gamma = gamma;
  }

  /** The learning rate of a group after step `lastEpoch`. */
  protected override rate(lr: number): number {
    return lr * this.gamma ** this.milestones.filter((milestone) => milestone === this.lastEpoch).length;
  }
}
