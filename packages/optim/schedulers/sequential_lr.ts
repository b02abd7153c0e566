import { checkSurplus, type OptionKeys, readOptions, recordedSection } from "@troodon/core/kernel";
import { checkCount, checkList } from "../check_option.ts";
import { ComposedScheduler } from "./composed_scheduler.ts";
import type { LRScheduler, SchedulerOptions } from "./scheduler.ts";

/** Options of {@linkcode SequentialLR}. */
export interface SequentialLROptions extends SchedulerOptions {
  /** The epochs in which the second and all further schedulers begin, in ascending order. */
  readonly milestones: readonly number[];
}
const SEQUENTIAL_LR_OPTIONS: OptionKeys<SequentialLROptions> = { milestones: true, lastEpoch: true };

/**
 * One scheduler after the other, each with the learning rates of the beginning. The optimizer is theirs.
 *
 * @example Warm up, then go down
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ones, ReferenceBackend } from "@troodon/core";
 * import { ExponentialLR, LinearLR, SequentialLR, SGD } from "@troodon/optim";
 *
 * const device = new Device(new ReferenceBackend());
 * const optimizer = new SGD([ones([2], { device })], { lr: 1 });
 * const warmUp = new LinearLR(optimizer, { startFactor: 0.5, totalIters: 2 });
 * const decay = new ExponentialLR(optimizer, { gamma: 0.5 });
 * const scheduler = new SequentialLR([warmUp, decay], { milestones: [2] });
 * assertEquals(scheduler.getLastLr(), [0.5]);
 * const rates = [1, 2, 3, 4].map(() => (scheduler.step(), scheduler.getLastLr()[0]));
 * assertEquals(rates, [0.75, 1, 0.5, 0.25]);
 * ```
 */
export class SequentialLR extends ComposedScheduler {
  /** The epochs in which the second and all further schedulers begin. */
  readonly milestones: readonly number[];

  /**
   * Begins with the first scheduler.
   *
   * @throws {RangeError} If there is not one milestone between every two schedulers, or they do not ascend.
   * @throws {TypeError} If the schedulers belong to several optimizers.
   */
  constructor(schedulers: readonly LRScheduler[], options: SequentialLROptions) {
    checkSurplus(new.target.name, arguments, 2);
    const { milestones, ...rest } = readOptions(new.target.name, options, SEQUENTIAL_LR_OPTIONS);
    super(schedulers, rest);
    checkList("SequentialLR", "milestones", milestones);
    if (milestones.length !== schedulers.length - 1) {
      throw new RangeError(
        `Cannot make SequentialLR as there must be a milestone between every two schedulers: ` +
          `current numbers are ${milestones.length} and ${schedulers.length}`,
      );
    }
    milestones.forEach((milestone, i) =>
      checkCount("SequentialLR", `milestones[${i}]`, milestone, (milestones[i - 1] ?? 0) + 1)
    );
    this.milestones = milestones;
    if (this.isNew) this.restart();
  }

  /** Begins with the first scheduler. */
  override begin(): void {
    super.begin();
    this.schedulers[0]!.begin();
  }

  /** Ends an epoch. */
  override step(): void {
    checkSurplus("step", arguments, 0);
    recordedSection(() => {
      super.step();
      const next = this.milestones.indexOf(this.lastEpoch) + 1;
      if (next > 0) this.schedulers[next]!.restart();
      else this.schedulers[this.milestones.filter((milestone) => milestone < this.lastEpoch).length]!.step();
    });
  }
}
