import { checkSurplus, readOptions } from "@troodon/core/kernel";
import type { LambdaLROptions, LrLambda } from "./lambda_lr.ts";
import type { GroupOptions, Optimizer } from "../optimizer.ts";
import { perGroup } from "./per_group.ts";
import { LRScheduler } from "./scheduler.ts";
import { LAMBDA_LR_OPTIONS } from "./lambda_lr.ts";
import { checkFunction } from "../check_option.ts";

/**
 * Multiplies the learning rates by a function of the epoch, again in each epoch.
 *
 * @example Less and less
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ones, ReferenceBackend } from "@troodon/core";
 * import { MultiplicativeLR, SGD } from "@troodon/optim";
 *
 * const device = new Device(new ReferenceBackend());
 * const optimizer = new SGD([ones([2], { device })], { lr: 1 });
 * const scheduler = new MultiplicativeLR(optimizer, { lrLambda: (epoch) => epoch === 2 ? 0.25 : 0.5 });
 * const rates = [1, 2, 3].map(() => (scheduler.step(), scheduler.getLastLr()[0]));
 * assertEquals(rates, [1 / 2, 1 / 8, 1 / 16]);
 * ```
 */
export class MultiplicativeLR extends LRScheduler {
  /** The factor of each group. */
  readonly lrLambdas: readonly LrLambda[];

  /**
   * Begins with the learning rates that the optimizer has.
   *
   * @throws {RangeError} If there are more or fewer functions than groups.
   */
  constructor(optimizer: Optimizer<GroupOptions>, options: LambdaLROptions) {
    checkSurplus(new.target.name, arguments, 2);
    const { lrLambda, ...rest } = readOptions(new.target.name, options, LAMBDA_LR_OPTIONS);
    super(optimizer, rest);
    this.lrLambdas = perGroup("MultiplicativeLR", "lrLambda", optimizer, lrLambda);
    for (const factor of this.lrLambdas) checkFunction("MultiplicativeLR", "lrLambda", factor);
  }

  /** Goes on from the learning rates that the optimizer has, as it knows no others. */
  override restart(): void {
    this.begin();
  }

  /** The learning rate of a group after step `lastEpoch`. */
  protected override rate(lr: number, _baseLr: number, group: number): number {
    return lr * (this.lrLambdas[group]?.(this.lastEpoch) ?? 1);
  }
}
