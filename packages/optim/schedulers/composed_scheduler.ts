/** What schedulers share that are made of others. */
import type { GroupOptions, Optimizer } from "../optimizer.ts";
import { LRScheduler, type SchedulerOptions, type SchedulerStateDict } from "./scheduler.ts";
import { showArgument } from "@troodon/core/kernel";

/** State of a scheduler that is made of others. */
export interface ComposedStateDict extends SchedulerStateDict {
  /** Theirs. */
  readonly schedulers: readonly SchedulerStateDict[];
}

/** A scheduler that leaves the learning rates to others, all of one optimizer. */
export abstract class ComposedScheduler extends LRScheduler {
  /** The others. */
  readonly schedulers: readonly LRScheduler[];

  /**
   * Takes schedulers over.
   *
   * @throws {RangeError} If there are none.
   * @throws {TypeError} If they belong to several optimizers.
   */
  constructor(schedulers: readonly LRScheduler[], options: SchedulerOptions) {
    super(optimizerOf(new.target.name, schedulers), options);
    this.schedulers = schedulers;
  }

  /** They have set it already. */
  protected override rate(lr: number): number {
    return lr;
  }

  /** All that is needed to go on from here; plain data. */
  override stateDict(): ComposedStateDict {
    return { ...super.stateDict(), schedulers: this.schedulers.map((scheduler) => scheduler.stateDict()) };
  }

  /**
   * Checks a state before it is loaded.
   *
   * @throws {RangeError} If it has a different number of schedulers, or one of their states is invalid.
   * @throws {TypeError} If it belongs to another kind of scheduler, or one of their states does.
   */
  override checkState(dict: ComposedStateDict): void {
    super.checkState(dict);
    const { schedulers } = this;
    if (dict.schedulers.length !== schedulers.length) {
      throw new RangeError(
        `Cannot load the state of ${this.constructor.name} as it must be of ${schedulers.length} schedulers: ` +
          `current state is of ${dict.schedulers.length}`,
      );
    }
    schedulers.forEach((scheduler, i) => scheduler.checkState(dict.schedulers[i]!));
  }

  /**
   * Continues from the state `dict` of another scheduler.
   *
   * @throws {RangeError} If the number of schedulers differs or a state is invalid; nothing is changed then.
   */
  override loadStateDict(dict: ComposedStateDict): void {
    this.checkState(dict);
    this.schedulers.forEach((scheduler, i) => scheduler.loadStateDict(dict.schedulers[i]!));
    super.loadStateDict(dict);
  }
}

function optimizerOf(owner: string, schedulers: readonly LRScheduler[]): Optimizer<GroupOptions> {
  if (!Array.isArray(schedulers) || !schedulers.every((scheduler) => scheduler instanceof LRScheduler)) {
    throw new TypeError(
      `Cannot make ${owner} as there must be a list of schedulers: current ones are ${
        showArgument(schedulers)
      }`,
    );
  }
  const [first] = schedulers;
  if (first === undefined) {
    throw new RangeError(`Cannot make ${owner} as there must be schedulers: current number is 0`);
  }
  if (schedulers.some(({ optimizer }) => optimizer !== first.optimizer)) {
    throw new TypeError(
      `Cannot make ${owner} as all schedulers must be of one optimizer: current ones are of several`,
    );
  }
  return first.optimizer;
}
