/** What all learning-rate schedulers share. */
import {
  checkSurplus,
  type OptionKeys,
  readOptions,
  recordedSection,
  showAsText,
} from "@troodon/core/kernel";
import { checkCount } from "../check_option.ts";
import type { GroupOptions, Optimizer } from "../optimizer.ts";
import { checkSchedulerState } from "./scheduler_state.ts";
import { showScheduler } from "./show_scheduler.ts";
import { checkOptimizer } from "./check_optimizer.ts";

/** Options of all schedulers. */
export interface SchedulerOptions {
  /** The number of steps done before, where training goes on; -1 by default, for a new beginning. */
  readonly lastEpoch?: number;
}

/** The keys of {@linkcode SchedulerOptions}. */
export const SCHEDULER_OPTIONS: OptionKeys<SchedulerOptions> = { lastEpoch: true };

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
  /** Whether it was made to begin rather than to go on from `lastEpoch`. */
  protected readonly isNew: boolean;

  /**
   * Begins with the learning rates that the optimizer has.
   *
   * @throws {RangeError} If `lastEpoch` is given but a group does not say what its learning rate was at the beginning.
   */
  constructor(optimizer: Optimizer<GroupOptions>, options?: SchedulerOptions) {
    const { lastEpoch = -1 } = readOptions(new.target.name, options, SCHEDULER_OPTIONS);
    checkOptimizer(new.target.name, optimizer);
    checkCount(this.constructor.name, "lastEpoch", lastEpoch, -1);
    this.isNew = lastEpoch < 0;
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

  /** The learning rate of a group after step `lastEpoch`, where it was `lr` before that step. */
  protected abstract rate(lr: number, baseLr: number, group: number): number;

  /** The learning rate of a group before the first step, where the optimizer has `lr`. */
  protected firstRate(lr: number, _baseLr: number, _group: number): number {
    return lr;
  }

  /** Begins with the learning rates that the optimizer has now. Schedulers whose `firstRate` is another call it once made. */
  begin(): void {
    this.lastEpoch = 0;
    this.#set((lr, baseLr, group) => this.firstRate(lr, baseLr, group));
  }

  /** Begins again with the learning rates of the beginning; {@linkcode SequentialLR} calls it when a scheduler's turn comes. */
  restart(): void {
    this.#set((_, baseLr) => baseLr);
    this.begin();
  }

  /** Ends an epoch. */
  step(): void {
    checkSurplus("step", arguments, 0);
    recordedSection(() => {
      this.lastEpoch++;
      this.#set((lr, baseLr, group) => this.rate(lr, baseLr, group));
    });
  }

  #set(rate: (lr: number, baseLr: number, group: number) => number): void {
    this.optimizer.paramGroups.forEach((group, i) => {
      group.lr = rate(group.lr, this.baseLrs[i] ?? group.lr, i);
    });
  }

  /** The learning rate of each group now. */
  getLastLr(): number[] {
    return this.optimizer.paramGroups.map((group) => group.lr);
  }

  /** Its numbers: `StepLR(step_size=30, gamma=0.1, last_epoch=0, last_lr=[0.1])`. */
  toString(): string {
    return showScheduler(this);
  }

  static {
    showAsText(this);
  }

  /** All that is needed to go on from here; plain data. */
  stateDict(): SchedulerStateDict {
    return { lastEpoch: this.lastEpoch, baseLrs: this.baseLrs, lastLr: this.getLastLr() };
  }

  /**
   * Checks a state before it is loaded.
   *
   * @throws {RangeError} If it has a different number of groups, or a number is out of range.
   * @throws {TypeError} If it belongs to another kind of scheduler.
   */
  checkState(dict: SchedulerStateDict): void {
    checkSchedulerState(this, dict);
    const { length } = this.optimizer.paramGroups, owner = this.constructor.name;
    if (dict.lastLr.length !== length || dict.baseLrs.length > length) {
      throw new RangeError(
        `Cannot load the state of ${owner} as it must be of ${length} groups: ` +
          `current state is of ${Math.max(dict.lastLr.length, dict.baseLrs.length)}`,
      );
    }
  }

  /**
   * Continues from the state `dict` of another scheduler.
   *
   * @throws {RangeError} If the number of groups of the optimizer differs, or a number is out of range;
   * nothing is changed then.
   * @throws {TypeError} If the state belongs to another kind of scheduler; nothing is changed then.
   */
  loadStateDict(dict: SchedulerStateDict): void {
    this.checkState(dict);
    const { paramGroups } = this.optimizer;
    this.lastEpoch = dict.lastEpoch;
    this.baseLrs = dict.baseLrs;
    paramGroups.forEach((group, i) => group.lr = dict.lastLr[i]!);
  }
}
