/** What all learning-rate schedulers share. */
import type { GroupOptions, Optimizer } from "./optimizer.ts";

/** Options of all schedulers. */
export interface SchedulerOptions {
  /** The number of steps done before, where training goes on; -1 by default, for a new beginning. */
  readonly lastEpoch?: number;
}

/** Everything needed to go on where a scheduler stopped. */
export interface SchedulerStateDict {
  /** Steps done. */
  readonly lastEpoch: number;
  /** The learning rate of each group at the beginning. */
  readonly baseLrs: readonly number[];
  /** The learning rate of each group now. */
  readonly lastLr: readonly number[];
}

/** Changes the learning rates of an optimizer: one `step` after each epoch. */
export abstract class LRScheduler {
  /** The optimizer whose learning rates it sets. */
  readonly optimizer: Optimizer<GroupOptions>;
  /** Steps done. */
  lastEpoch: number;
  /** The learning rate of each group at the beginning. */
  baseLrs: readonly number[];

  /**
   * Begins with the learning rates that the optimizer has.
   *
   * @throws {RangeError} If `lastEpoch` is given but a group does not say what its learning rate was at the beginning.
   */
  constructor(optimizer: Optimizer<GroupOptions>, { lastEpoch = -1 }: SchedulerOptions = {}) {
    if (!Number.isInteger(lastEpoch) || lastEpoch < -1) {
      throw new RangeError(
        `Cannot make ${this.constructor.name} as lastEpoch must be an integer of at least -1: current lastEpoch is ${lastEpoch}`,
      );
    }
    this.optimizer = optimizer;
    this.baseLrs = optimizer.paramGroups.map((group, i) => {
      if (lastEpoch >= 0 && group.initialLr === undefined) {
        throw new RangeError(
          `Cannot go on with ${this.constructor.name} as initialLr must be known: group ${i} does not have it`,
        );
      }
      return group.initialLr ??= group.lr;
    });
    this.lastEpoch = Math.max(lastEpoch, 0);
  }

  /** The learning rate of a group after step `lastEpoch`. */
  protected abstract rate(lr: number, baseLr: number): number;

  /** Ends an epoch. */
  step(): void {
    this.lastEpoch++;
    this.optimizer.paramGroups.forEach((group, i) => {
      group.lr = this.rate(group.lr, this.baseLrs[i] ?? group.lr);
    });
  }

  /** The learning rate of each group now. */
  getLastLr(): number[] {
    return this.optimizer.paramGroups.map((group) => group.lr);
  }

  /** All that is needed to go on from here; plain data. */
  stateDict(): SchedulerStateDict {
    return { lastEpoch: this.lastEpoch, baseLrs: this.baseLrs, lastLr: this.getLastLr() };
  }

  /**
   * Goes on from where the scheduler that gave `dict` was.
   *
   * @throws {RangeError} If the optimizer has more or fewer groups than that one's had.
   */
  loadStateDict(dict: SchedulerStateDict): void {
    const { paramGroups } = this.optimizer;
    if (dict.lastLr.length !== paramGroups.length) {
      throw new RangeError(
        `Cannot load the state of ${this.constructor.name} as it must be of ${paramGroups.length} groups: ` +
          `current state is of ${dict.lastLr.length}`,
      );
    }
    this.lastEpoch = dict.lastEpoch;
    this.baseLrs = dict.baseLrs;
    paramGroups.forEach((group, i) => group.lr = dict.lastLr[i]!);
  }
}
