import { checkSurplus, type OptionKeys, readOptions } from "@troodon/core/kernel";
import type { GroupOptions, Optimizer } from "../optimizer.ts";
import { perGroup } from "./per_group.ts";
import { LRScheduler, type SchedulerOptions } from "./scheduler.ts";
import { checkFunction } from "../check_option.ts";

/** A factor for each epoch, of which the first is 0. */
export type LrLambda = (epoch: number) => number;

/** Options of {@linkcode LambdaLR} and {@linkcode MultiplicativeLR}. */
export interface LambdaLROptions extends SchedulerOptions {
  /** The factor: for all groups, or one for each. */
  readonly lrLambda: LrLambda | readonly LrLambda[];
}

/** The keys of {@linkcode LambdaLROptions}. */
export const LAMBDA_LR_OPTIONS: OptionKeys<LambdaLROptions> = { lrLambda: true, lastEpoch: true };

/**
 * Multiplies the learning rates of the beginning by a function of the epoch.
 *
 * @example Inversely by time
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ones, ReferenceBackend } from "@troodon/core";
 * import { LambdaLR, SGD } from "@troodon/optim";
 *
 * const device = new Device(new ReferenceBackend());
 * const optimizer = new SGD([ones([2], { device })], { lr: 1 });
 * const scheduler = new LambdaLR(optimizer, { lrLambda: (epoch) => 1 / (1 + epoch) });
 * const rates = [1, 2, 3].map(() => (scheduler.step(), scheduler.getLastLr()[0]));
 * assertEquals(rates, [1 / 2, 1 / 3, 1 / 4]);
 * ```
 */
export class LambdaLR extends LRScheduler {
  /** The factor of each group. */
  readonly lrLambdas: readonly LrLambda[];

  /**
   * Begins with the learning rates that the optimizer has, times the factors of epoch 0.
   *
   * @throws {RangeError} If there are more or fewer functions than groups.
   */
  constructor(optimizer: Optimizer<GroupOptions>, options: LambdaLROptions) {
    checkSurplus(new.target.name, arguments, 2);
    const { lrLambda, ...rest } = readOptions(new.target.name, options, LAMBDA_LR_OPTIONS);
    super(optimizer, rest);
    this.lrLambdas = perGroup("LambdaLR", "lrLambda", optimizer, lrLambda);
    for (const factor of this.lrLambdas) checkFunction("LambdaLR", "lrLambda", factor);
    if (this.isNew) this.begin();
  }

  /** The learning rate of a group before the first step. */
  protected override firstRate(lr: number, baseLr: number, group: number): number {
    return this.rate(lr, baseLr, group);
  }

  /** The learning rate of a group after step `lastEpoch`. */
  protected override rate(lr: number, baseLr: number, group: number): number {
    const factor = this.lrLambdas[group];
    // A group that was added later.
    return factor === undefined ? lr : baseLr * factor(this.lastEpoch);
  }
}
