import { ComposedScheduler } from "./composed_scheduler.ts";
import type { LRScheduler } from "./scheduler.ts";
import { checkSurplus, recordedSection } from "@troodon/core/kernel";

/**
 * Several schedulers at once, each changing the learning rates that the one before has set: factors multiply. Those that
 * calculate them from nothing but the epoch (`LambdaLR`, `OneCycleLR`, `CyclicLR`, `CosineAnnealingWarmRestarts`) must
 * come first. The optimizer is theirs.
 *
 * @example Slow for two epochs, and down all the time
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ones, ReferenceBackend } from "@troodon/core";
 * import { ChainedScheduler, ConstantLR, ExponentialLR, SGD } from "@troodon/optim";
 *
 * const device = new Device(new ReferenceBackend());
 * const optimizer = new SGD([ones([2], { device })], { lr: 1 });
 * const slow = new ConstantLR(optimizer, { factor: 0.25, totalIters: 2 });
 * const scheduler = new ChainedScheduler([slow, new ExponentialLR(optimizer, { gamma: 0.5 })]);
 * const rates = [1, 2, 3].map(() => (scheduler.step(), scheduler.getLastLr()[0]));
 * assertEquals(rates, [0.125, 0.25, 0.125]);
 * ```
 */
export class ChainedScheduler extends ComposedScheduler {
  /**
   * Goes on from what the schedulers have set.
   *
   * @throws {RangeError} If there are none.
   * @throws {TypeError} If they belong to several optimizers.
   */
  constructor(schedulers: readonly LRScheduler[]) {
    checkSurplus(new.target.name, arguments, 1);
    super(schedulers, {});
  }

  /** Begins with all. */
  override begin(): void {
    super.begin();
    for (const scheduler of this.schedulers) scheduler.begin();
  }

  /** Ends an epoch of all. */
  override step(): void {
    checkSurplus("step", arguments, 0);
    recordedSection(() => {
      super.step();
      for (const scheduler of this.schedulers) scheduler.step();
    });
  }
}
